/** Elements out of data. Data only ever becomes text or an attribute; nothing here reads it as HTML. */

/** Make an element: `props` are attributes, `on…` functions are listeners, `data` and `style` are objects. */
export function h(tag, props = {}, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** The same for a piece of a drawing. */
export function svg(tag, props = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function filled(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, held] of Object.entries(value)) node.style.setProperty(key, held);
    else if (name === "value" && "value" in node) node.value = value;
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An icon of ours, drawn in the colour of the text around it; never read aloud. */
export function icon(name, props = {}) {
  const drawn = svg("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", ...props });
  for (const path of PATHS[name]) {
    drawn.append(
      svg("path", {
        d: path,
        fill: "none",
        stroke: "currentColor",
        "stroke-width": 1.6,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
      }),
    );
  }
  return drawn;
}

const PATHS = {
  hash: ["M8 3 6.5 17", "M13.5 3 12 17", "M3.5 7.5h13.2", "M3 12.5h13.2"],
  lock: ["M5 9h10v8H5z", "M7 9V6.5a3 3 0 0 1 6 0V9"],
  down: ["m5 8 5 5 5-5"],
  right: ["m8 5 5 5-5 5"],
  back: ["m12 5-5 5 5 5"],
  close: ["m5 5 10 10", "M15 5 5 15"],
  more: ["M4.5 10h.01", "M10 10h.01", "M15.5 10h.01"],
  send: ["M3 4.5 17 10 3 15.5 4.7 10z", "M4.7 10H11"],
  thread: ["M4 5h12v8H9l-4 3.2V13H4z"],
  eye: ["M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10z", "M10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"],
  sun: [
    "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z",
    "M10 2v1.5M10 16.500V18M2 10h1.500M16.5 10H18M4.3 4.300l1 1M14.7 14.700l1 1M4.3 15.700l1-1M14.7 5.300l1-1",
  ],
  moon: ["M16 12.200A6.8 6.8 0 0 1 7.8 4 6.8 6.8 0 1 0 16 12.200z"],
  people: [
    "M7.5 9.500a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.400z",
    "M2.5 16c0-2.8 2-4.5 5-4.500s5 1.7 5 4.5",
    "M13 9.300a2.3 2.3 0 1 0-.8-4.5",
    "M14.3 11.700c2 .3 3.2 1.8 3.2 4",
  ],
  file: ["M5 2.500h6.500L15 6v11.500H5z", "M11.5 2.500V6H15"],
  sort: ["m6.5 8 3.5-3.500L13.5 8", "m6.5 12 3.5 3.5 3.5-3.5"],
  search: ["M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4z", "m13 13 3.5 3.5"],
  check: ["m4.5 10.5 3.5 3.5 7.5-8"],
  info: ["M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14z", "M10 9v4.5", "M10 6.500h.01"],
  panel: ["M3 4h14v12H3z", "M12.5 4v12"],
};

/** Bring the children of `parent` into this order, moving and removing only what has to be. */
export function arrange(parent, wanted) {
  for (const child of [...parent.childNodes]) if (!wanted.includes(child)) child.remove();
  let place = parent.firstChild;
  for (const child of wanted) {
    if (child === place) place = place.nextSibling;
    else parent.insertBefore(child, place);
  }
}

let counted = 0;

/** An id that no other element has. */
export function freshId(prefix) {
  counted += 1;
  return `${prefix}-${counted}`;
}
