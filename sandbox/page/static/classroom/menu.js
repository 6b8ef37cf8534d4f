/** A button that opens a short menu of acts; keyboard as the ARIA pattern of a menu button has it. */

import { place } from "../blocks/picker.js";
import { h, icon } from "../dom.js";

/** `acts()` is asked at each opening and gives `{label, note?, do()}`; `key` finds the button again after a drawing. */
export function menuButton({ label, key, acts }) {
  return h("button", { type: "button", class: "tool", "aria-label": label, title: label, "aria-haspopup": "menu", data: { key },
    onclick: ({ currentTarget }) => open(currentTarget, label, acts()),
    onkeydown: (event) => {
      if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
      event.preventDefault();
      open(event.currentTarget, label, acts());
    } }, icon("more"));
}

function open(button, label, acts) {
  const { key } = button.dataset;
  const items = acts.map((act) => h("button", { type: "button", role: "menuitem", tabindex: -1, onclick: () => {
    menu.hidePopover();
    act.do(againButton());
  } }, act.label, act.note && h("span", { class: "note" }, act.note)));
  const menu = h("div", { popover: "auto", role: "menu", "aria-label": label, class: "popover menu", onkeydown: keys }, items);
  // The list beneath may be drawn anew while the menu is open, so it stands outside of it.
  const againButton = () => document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (hadFocus) againButton()?.focus();
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, button);
  items[0]?.focus();

  function keys(event) {
    const at = items.indexOf(document.activeElement);
    const last = items.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[to].focus();
    } else if (event.key === "Tab") menu.hidePopover();
  }
}
