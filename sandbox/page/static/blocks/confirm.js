/** The question before an action counts. */

import { freshId, h } from "../dom.js";
import { bareText, textObject } from "./text.js";

/** Ask what the element wants asked; true at once where it asks nothing. The focus returns to `from`. */
export function confirmed(confirm, context, from) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((answer) => {
    const title = freshId("title");
    const text = freshId("text");
    const style = confirm.style === "danger" ? "danger" : "primary";
    const dialog = h(
      "dialog",
      { class: "dialog ask", "aria-labelledby": title, "aria-describedby": text, onclose: ended },
      h("h2", { id: title, dir: "auto" }, bareText(confirm.title)),
      h("div", { id: text, class: "body", dir: "auto" }, textObject(confirm.text, context)),
      h(
        "form",
        { method: "dialog", class: "foot" },
        h("button", { class: "button", value: "no" }, bareText(confirm.deny)),
        h("button", { class: `button ${style}`, value: "yes", autofocus: true }, bareText(confirm.confirm)),
      ),
    );

    function ended() {
      dialog.remove();
      if (from?.isConnected) from.focus();
      answer(dialog.returnValue === "yes");
    }
    document.body.append(dialog);
    dialog.showModal();
  });
}
