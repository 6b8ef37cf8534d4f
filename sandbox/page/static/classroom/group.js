/** One place of a room with all who are there: a heading that folds it, an act for all, a row for each. */

import { avatar } from "../chat/people.js";
import { clockTime } from "../chat/times.js";
import { arrange, freshId, h, icon } from "../dom.js";
import { menuButton } from "./menu.js";
import { actsOf } from "./person_acts.js";
import { sign } from "./signs.js";

const SIGNS = { room: "screen", breakout: "group", lost: "lost", waiting: "waiting", before_host: "door", outside: "outside" };
const AT_FIRST = 40; // rows; the others at a press
const FOLDED_FROM = 13; // somebody outside a full class is not what one looks at first
const DEVICES = ["laptop", "phone", "tablet", "telephone"];

export class Group {
  constructor({ where, title, all, zone, does }) {
    Object.assign(this, { where, all, zone, does });
    this.rows = new Map();
    this.isWhole = false;
    this.isOpen = null; // until somebody folds or unfolds it
    this.entries = [];
    const id = freshId("group");
    this.count = h("span", { class: "count" });
    this.fold = h("button", { type: "button", class: "fold", "aria-controls": id, onclick: () => this.#toggle() },
      icon("down", { class: "icon arrow" }), sign(SIGNS[where]), h("span", { dir: "auto" }, title), this.count);
    this.allButton = h("button", { type: "button", class: "button small", onclick: ({ currentTarget }) =>
      does(this.entries.map(({ person }) => person.handle), all[1], {}, currentTarget) });
    this.list = h("ul", { id, "aria-label": title });
    this.more = h("button", { type: "button", class: "more", onclick: () => { this.isWhole = true; this.#drawRows(); } });
    this.nobody = h("p", { class: "note nobody" }, "Nobody");
    this.node = h("section", { class: `group ${where}` }, h("h4", {}, this.fold, this.allButton), this.list, this.more, this.nobody);
  }

  draw(entries, room, { isFound }) {
    Object.assign(this, { entries, room });
    this.count.textContent = entries.length;
    this.allButton.hidden = !this.all || entries.length < 2;
    this.allButton.textContent = this.all && isFound ? `These ${entries.length}: ${this.all[0].toLowerCase()}` : this.all?.[0] ?? "";
    this.isShown = isFound || (this.isOpen ?? !(this.where === "outside" && entries.length >= FOLDED_FROM));
    this.#drawRows();
  }

  #toggle() {
    this.isOpen = !this.isShown;
    this.isShown = this.isOpen;
    this.#drawRows();
  }

  #drawRows() {
    this.fold.setAttribute("aria-expanded", String(this.isShown));
    this.list.hidden = !this.isShown || !this.entries.length;
    const shown = this.isShown ? this.entries.slice(0, this.isWhole ? undefined : AT_FIRST) : [];
    this.more.hidden = !this.isShown || shown.length === this.entries.length;
    this.more.textContent = `Show all ${this.entries.length}`;
    this.nobody.hidden = !this.isShown || this.entries.length > 0;
    const wanted = shown.map((entry) => this.#row(entry));
    if (wanted.length !== this.list.children.length || wanted.some((node, place) => this.list.children[place] !== node)) arrange(this.list, wanted);
    const handles = new Set(shown.map(({ person }) => person.handle));
    for (const handle of this.rows.keys()) if (!handles.has(handle)) this.rows.delete(handle);
  }

  #row(entry) {
    const { person, places } = entry;
    const drawn = JSON.stringify([person, places, this.room.is_open, this.room.breakouts]);
    const held = this.rows.get(person.handle);
    if (held?.drawn === drawn) return held.node;
    const node = held?.node ?? h("li", { class: "one" });
    node.replaceChildren(...this.#parts(entry));
    this.rows.set(person.handle, { drawn, node });
    return node;
  }

  #parts({ person, places }) {
    const { first, others } = actsOf(person, this.where, this.room, (verb, more, button) => this.does([person.handle], verb, more, button));
    const shown = places.find(({ shown_as: name }) => name && name !== person.name)?.shown_as;
    const since = places.find((place) => place.since)?.since;
    const note = [shown && `as “${shown}”`, person.role !== "student" && person.role, since && `since ${clockTime(new Date(since), this.zone())}`].filter(Boolean).join(" · ");
    return [
      avatar(person, "small"),
      h("span", { class: "who" }, h("span", { class: "name" }, h("bdi", {}, person.name)), note && h("span", { class: "note" }, h("bdi", {}, note))),
      h("span", { class: "devices" }, places.filter(({ device }) => device).map(({ device }) => h("span", { title: device },
        sign(DEVICES.includes(device) ? device : "laptop"), h("span", { class: "unseen" }, device)))),
      h("button", { type: "button", class: "button small", data: { key: `${person.handle} first` }, "aria-label": `${first.label}: ${person.name}`,
        onclick: ({ currentTarget }) => first.do(currentTarget) }, first.label),
      menuButton({ label: `More for ${person.name}`, key: `${person.handle} menu`, acts: () => others }),
    ];
  }
}
