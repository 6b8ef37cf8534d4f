/**
 * A list to pick from: a button that opens a popover with a search field and the options. Every menu of the page is
 * one: selects, the switcher of people, completions have its list. Keyboard as the ARIA pattern of a combobox has it.
 *
 * An option is `{value, label, note?, face?, badge?, group?}`; `face` makes a node to stand before the label.
 */

import { freshId, h, icon } from "../dom.js";

const SHOWN = 200; // more are found by typing
const SEARCHED_FROM = 8;

/** The options as a listbox with one active; whoever has the focus hands its keys to `key`. */
export class OptionList {
  constructor({ label, several = false, onpick }) {
    this.id = freshId("list");
    this.node = h("ul", {
      id: this.id,
      role: "listbox",
      "aria-label": label,
      "aria-multiselectable": several || null,
      class: "options",
    });
    this.onpick = onpick;
    this.active = 0;
    this.isFree = false; // with it, no option needs to be active
    this.shown = [];
  }

  /** Show these; `chosen` says which of the values are. */
  show(options, chosen = () => false) {
    this.shown = options.slice(0, SHOWN);
    const rest = options.length - this.shown.length;
    let group;
    const items = this.shown.flatMap((option, place) => {
      const item = this.#item(option, place, chosen(option.value));
      if (option.group === group || !option.group) return [item];
      group = option.group;
      return [h("li", { role: "presentation", class: "group", dir: "auto" }, group), item];
    });
    if (!items.length) items.push(h("li", { role: "presentation", class: "none" }, "Nothing fits"));
    if (rest > 0) items.push(h("li", { role: "presentation", class: "none" }, `${rest} more: type to find them`));
    this.node.replaceChildren(...items);
    this.activate(Math.min(this.active, this.shown.length - 1));
  }

  activate(place) {
    this.active = Math.max(this.isFree ? -1 : 0, place);
    for (const item of this.node.querySelectorAll("[role=option]")) {
      const isActive = item.id === this.activeId;
      item.classList.toggle("active", isActive);
      if (isActive) item.scrollIntoView({ block: "nearest" });
    }
    this.field?.setAttribute("aria-activedescendant", this.shown[this.active] ? this.activeId : "");
  }

  get activeId() {
    return `${this.id}-${this.active}`;
  }

  /** Take a key of the field; whether it was for the list. */
  key(event) {
    const last = this.shown.length - 1;
    const to = {
      ArrowDown: this.active + 1 > last ? 0 : this.active + 1,
      ArrowUp: this.active ? this.active - 1 : last,
      PageDown: Math.min(last, this.active + 8),
      PageUp: this.active - 8,
    }[event.key];
    if (to !== undefined) this.activate(to);
    else if (event.key === "Enter" && this.shown[this.active]) this.onpick(this.shown[this.active]);
    else return false;
    event.preventDefault();
    return true;
  }

  #item(option, place, isChosen) {
    const props = {
      id: `${this.id}-${place}`,
      role: "option",
      "aria-selected": String(isChosen),
      class: "option",
      onpointermove: () => this.active !== place && this.activate(place),
      onmousedown: (event) => event.preventDefault(), // the field keeps the focus
      onclick: () => this.onpick(option),
    };
    return h(
      "li",
      props,
      option.face?.(),
      h(
        "span",
        { class: "words" },
        h("span", { class: "label", dir: "auto" }, option.label),
        option.note && h("span", { class: "note", dir: "auto" }, option.note),
      ),
      option.badge ? h("span", { class: "badge" }, option.badge) : null,
      isChosen && icon("check"),
    );
  }
}

/**
 * A button that opens a list; `options()` is asked for at each opening and may be a promise of the query.
 *
 * `face(chosen)` makes what stands in the button. With `several` the list stays open and `onpick` toggles.
 */
export function picker({
  label,
  options,
  isChosen,
  face,
  several = false,
  onpick,
  className = "",
  key,
  isAsked = false,
}) {
  const button = h("button", {
    type: "button",
    class: `picker ${className}`,
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    data: key ? { key } : {},
    onclick: () => (popover ? shut() : open()),
    onkeydown: (event) => {
      if (["ArrowDown", "ArrowUp"].includes(event.key) && !popover) {
        event.preventDefault();
        open();
      }
    },
  });
  let popover = null;

  function refresh() {
    button.replaceChildren(...[face()].flat());
    button.setAttribute("aria-label", [label, button.textContent].filter(Boolean).join(": "));
  }

  function shut() {
    popover?.hidePopover();
  }

  async function open() {
    const list = new OptionList({
      label,
      several,
      onpick: (option) => {
        onpick(option);
        refresh();
        if (several) show();
        else shut();
      },
    });
    const field = h("input", {
      type: "text",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": list.id,
      "aria-autocomplete": "list",
      "aria-label": `${label}: type to find`,
      placeholder: "Find",
      autocomplete: "off",
      spellcheck: "false",
      class: "find",
      oninput: () => {
        list.active = 0;
        show();
      },
      onkeydown: (event) => {
        if (!list.key(event) && event.key === "Tab") shut();
      },
    });
    list.field = field;
    const made = h(
      "div",
      { popover: "auto", class: "popover" },
      h("label", { class: "finder" }, icon("search"), field),
      list.node,
    );
    const show = async () => {
      const found = await options(field.value);
      const query = field.value.trim().toLowerCase();
      const fitting =
        isAsked || !query
          ? found
          : found.filter((each) => `${each.label} ${each.note ?? ""}`.toLowerCase().includes(query));
      made.classList.toggle("short", !isAsked && found.length < SEARCHED_FROM);
      list.show(fitting, isChosen);
    };
    popover = made;
    made.addEventListener("toggle", ({ newState }) => newState === "closed" && ended(made));
    button.after(made);
    await show();
    const chosen = list.shown.findIndex(({ value }) => isChosen(value));
    if (chosen > 0) list.activate(chosen);
    made.showPopover();
    place(made, button);
    button.setAttribute("aria-expanded", "true");
    field.focus();
    list.activate(list.active);
  }

  function ended(made) {
    const hadFocus = made.contains(document.activeElement) || document.activeElement === document.body;
    made.remove();
    popover = null;
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) button.focus();
  }

  refresh();
  button.refresh = refresh;
  return button;
}

/** Put a popover below its button, or above it, within the window. */
export function place(popover, button) {
  const around = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const least = Math.min(around.left, innerWidth - width - 8);
  const isBelow = around.bottom + height + 8 < innerHeight || around.top < height;
  popover.style.left = `${Math.max(8, least)}px`;
  popover.style.top = `${isBelow ? Math.min(around.bottom + 4, innerHeight - height - 8) : around.top - height - 4}px`;
  popover.style.minWidth = `${Math.min(around.width, innerWidth - 16)}px`;
}
