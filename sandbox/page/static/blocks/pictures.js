/** Pictures: those of the workspace are shown, those from elsewhere are named, because this page asks nobody else. */

import { h, icon } from "../dom.js";
import { bareText, link } from "./text.js";

/** An image by `slack_file` or by address; its alternative text stands in for one that is not here. */
export function picture(held, context, className = "") {
  const id = held.slack_file?.id ?? fileOf(held.slack_file?.url ?? held.image_url, context);
  if (id)
    return h("img", {
      src: `files/${encodeURIComponent(id)}`,
      alt: held.alt_text,
      class: `picture ${className}`,
      loading: "lazy",
      title: bareText(held.title) || null,
    });
  return h(
    "span",
    { class: `picture elsewhere ${className}`, role: "img", "aria-label": held.alt_text, title: held.alt_text },
    icon("eye"),
    className ? null : link(held.image_url ?? "", held.alt_text),
  );
}

function fileOf(address, { store }) {
  const found = address?.match(/\b(F[A-Z0-9]+)\b/);
  return found && store.file(found[1]) ? found[1] : null;
}
