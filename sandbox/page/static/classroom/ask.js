/** A question that is answered with a few words. */

import { freshId, h } from "../dom.js";

/** The words, or null if nothing was said. */
export function ask(question, { start = "", button = "OK", length = 200 } = {}) {
  return new Promise((answer) => {
    const title = freshId("title");
    const field = h("input", { class: "field", value: start, maxlength: length, required: true, autocomplete: "off", "aria-labelledby": title, dir: "auto" });
    const dialog = h("dialog", { class: "dialog ask", "aria-labelledby": title, onclose: () => {
      dialog.remove();
      answer(dialog.returnValue === "yes" && field.value.trim() ? field.value.trim() : null);
    } },
      h("h2", { id: title }, question),
      h("div", { class: "body" }, h("form", { method: "dialog", id: `${title}-form`, onsubmit: () => { dialog.returnValue = "yes"; } }, field)),
      h("div", { class: "foot" },
        h("button", { type: "button", class: "button", onclick: () => dialog.close("no") }, "Cancel"),
        h("button", { class: "button primary", form: `${title}-form`, value: "yes" }, button)));
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
    field.select();
  });
}
