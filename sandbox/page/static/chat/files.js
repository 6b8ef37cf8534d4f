/** Files of a message: pictures are shown, texts begin to be, the others can be opened. */

import { h } from "../dom.js";

const LINES = 6;

/** A file with a preview where there can be one; of one that was deleted Slack says so. */
export function fileCard(file) {
  if (!file) return h("div", { class: "note" }, "This file was deleted.");
  const address = `files/${encodeURIComponent(file.id)}`;
  const name = file.title || file.name;
  if (file.mimetype?.startsWith("image/")) {
    return h(
      "figure",
      { class: "image" },
      h("figcaption", { dir: "auto" }, name),
      h(
        "a",
        { href: address, target: "_blank", rel: "noopener" },
        h("img", { src: address, alt: file.alt_text || name, class: "picture", loading: "lazy" }),
      ),
    );
  }
  const preview = /^text\//.test(file.mimetype ?? "") ? textPreview(address, name) : null;
  return h(
    "div",
    { class: "file-card" },
    h(
      "a",
      { class: "file", href: address, target: "_blank", rel: "noopener", download: preview ? file.name : null },
      h("span", { class: `kind ${extension(file)}` }, extension(file).toUpperCase() || "FILE"),
      h(
        "span",
        { class: "words" },
        h("strong", { dir: "auto" }, name),
        h("span", { class: "note" }, `${file.name === name ? "" : `${file.name} · `}${size(file.length)}`),
      ),
    ),
    preview,
  );
}

const extension = ({ name }) => name.match(/\.(\w{1,4})$/)?.[1].toLowerCase() ?? "";

function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function textPreview(address, name) {
  const made = h("pre", { class: "preview", tabindex: 0, "aria-label": `Beginning of ${name}`, dir: "auto" });
  fetch(address)
    .then((reply) => reply.text())
    .then((text) => {
      const all = text.split("\n");
      made.textContent = all.slice(0, LINES).join("\n") + (all.length > LINES ? "\n…" : "");
    })
    .catch(() => made.remove());
  return made;
}
