// What a page must have so that everybody can use it; returns one sentence per fault. Run within the page.
() => {
  const faults = [];
  const said = (node) => `<${node.tagName.toLowerCase()} class="${node.getAttribute("class") ?? ""}">`;
  const isShown = (node) =>
    node.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && !node.closest("[inert]");

  const labelled = (node) =>
    (node.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .filter(Boolean)
      .map((id) => document.getElementById(id)?.textContent.trim() ?? "")
      .join(" ");
  const nameOf = (node) =>
    (
      labelled(node) ||
      node.getAttribute("aria-label") ||
      [...(node.labels ?? [])].map((label) => label.textContent).join(" ") ||
      node.textContent ||
      node.getAttribute("alt") ||
      node.getAttribute("title") ||
      ""
    ).trim();

  const controls =
    "button, a[href], input, textarea, select, summary, [role=button], [role=menuitem], [role=option], [role=tab], [role=combobox]";
  for (const node of document.querySelectorAll(controls)) {
    if (isShown(node) && !nameOf(node)) faults.push(`no name: ${said(node)}`);
  }
  for (const node of document.querySelectorAll("img:not([alt]), [role=img]:not([aria-label])"))
    faults.push(`no alternative text: ${said(node)}`);
  for (const node of document.querySelectorAll(
    "dialog[open], nav, aside, [role=region], [role=group], [role=listbox], [role=tabpanel], [role=radiogroup]",
  )) {
    if (isShown(node) && !labelled(node) && !node.getAttribute("aria-label")) faults.push(`no label: ${said(node)}`);
  }
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const node of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of node.getAttribute(attribute).split(" ").filter(Boolean)) {
        if (attribute !== "aria-controls" && !document.getElementById(id))
          faults.push(`${attribute} of ${said(node)} points to nothing`);
      }
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of new Set(ids.filter((each, place) => ids.indexOf(each) !== place)))
    faults.push(`two elements are called ${id}`);
  if (document.querySelectorAll("main").length !== 1) faults.push("there must be one main part");
  if (!document.documentElement.lang) faults.push("the page has no language");

  // Contrast: 4.5 for text, 3 for large text, against the nearest background that covers.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour, under = [255, 255, 255]) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = `rgb(${under})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((each) =>
      each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(getComputedStyle(at).backgroundColor);
    return layers
      .reverse()
      .reduce((under, layer) => rgb(layer, under), rgb(getComputedStyle(document.body).backgroundColor));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (
      seen.has(node) ||
      !walker.currentNode.textContent.trim() ||
      !isShown(node) ||
      node.closest(".unseen, script, noscript, svg, :disabled, .skips")
    )
      continue;
    seen.add(node);
    const style = getComputedStyle(node);
    const under = behind(node);
    const [bright, dark] = [luminance(rgb(style.color, under)), luminance(under)].sort((one, other) => other - one);
    const contrast = (bright + 0.05) / (dark + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (isLarge ? 3 : 4.5))
      faults.push(
        `contrast ${contrast.toFixed(2)}: ${said(node)} “${walker.currentNode.textContent.trim().slice(0, 30)}”`,
      );
  }
  return faults;
};
