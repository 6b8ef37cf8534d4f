/** Which story is played, how it came out, and the others to choose from. */

import { picker } from "../blocks/picker.js";
import { h, icon } from "../dom.js";
import { sign } from "./signs.js";

export class Story {
  follows = ["scenario"];

  constructor(store, acting) {
    this.store = store;
    this.acting = acting;
    this.chosen = null;
    this.picker = picker({
      label: "Story", className: "select", isChosen: (name) => name === this.chosen,
      options: () => store.scenarios.map(({ name, title }) => ({ value: name, label: title, note: name })),
      face: () => [h("span", { class: "label", dir: "auto" }, this.#title()), icon("down")],
      onpick: ({ value }) => { this.chosen = value; this.draw(); },
    });
    this.start = h("button", { type: "button", class: "button", onclick: ({ currentTarget }) =>
      this.acting.do({ act: "play", scenario: this.chosen }, currentTarget) });
    this.over = h("p", { class: "note over", role: "status" });
    this.node = h("section", { class: "story", "aria-label": "Story" }, h("div", { class: "choose" }, this.picker, this.start), this.over);
    store.on("world", () => { this.chosen = store.scenario?.name ?? null; });
  }

  draw() {
    const { scenario, scenarios } = this.store;
    this.node.hidden = !scenarios.length;
    this.picker.refresh();
    const isOn = this.chosen === scenario?.name;
    this.start.replaceChildren(sign(isOn ? "again" : "run"), isOn ? "Again" : "Start");
    this.start.classList.toggle("primary", !isOn);
    this.over.hidden = !scenario?.is_over;
    this.over.textContent = scenario?.is_over ? this.#ending(scenario) : "";
  }

  #title() {
    return this.store.scenarios.find(({ name }) => name === this.chosen)?.title ?? "Choose a story";
  }

  #ending({ differences }) {
    if (!differences.length) return "The story is over; everybody may go on as they like.";
    return `The story is over. What could not happen as written: ${differences.join("; ")}`;
  }
}
