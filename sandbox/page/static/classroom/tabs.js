/** Tabs as the ARIA pattern has them: arrows move between them, only the chosen one is in the tab order. */

import { freshId, h } from "../dom.js";

export class Tabs {
  /** `parts` are `{name, node, count()}`; `onchange` is called when another one is seen. */
  constructor(label, parts, onchange) {
    this.parts = parts;
    this.onchange = onchange;
    this.buttons = parts.map((part, place) => this.#button(part, place));
    this.node = h("div", { class: "parts" },
      h("div", { role: "tablist", "aria-label": label, class: "tabs" }, this.buttons),
      parts.map(({ node }) => node));
    this.#show(0);
  }

  choose(place) {
    this.#show(place);
    this.onchange();
  }

  #show(place) {
    this.chosen = place;
    this.parts.forEach(({ node }, each) => { node.hidden = each !== place; });
    this.buttons.forEach((button, each) => {
      button.setAttribute("aria-selected", String(each === place));
      button.tabIndex = each === place ? 0 : -1;
    });
  }

  /** Show the counts anew. */
  draw() {
    this.parts.forEach(({ count }, place) => {
      const badge = this.buttons[place].lastChild;
      const text = String(count() || "");
      if (badge.textContent !== text) badge.textContent = text;
    });
  }

  #button({ name, node }, place) {
    const id = freshId("tab");
    node.id ||= freshId("part");
    node.setAttribute("role", "tabpanel");
    node.setAttribute("aria-labelledby", id);
    return h("button", { type: "button", role: "tab", id, "aria-controls": node.id, onclick: () => this.choose(place),
      onkeydown: (event) => this.#key(event) }, name, h("span", { class: "count" }));
  }

  #key(event) {
    const last = this.parts.length - 1;
    const to = { ArrowRight: this.chosen === last ? 0 : this.chosen + 1, ArrowLeft: this.chosen || last + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(event.key === "ArrowLeft" ? to - 1 : to);
    this.buttons[this.chosen].focus();
  }
}
