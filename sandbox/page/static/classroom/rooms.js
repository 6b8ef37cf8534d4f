/** The rooms, and who is where in the chosen one. */

import { h } from "../dom.js";
import { ask } from "./ask.js";
import { Group } from "./group.js";
import { keepFocus } from "./focus.js";
import { menuButton } from "./menu.js";

const SEARCHED_FROM = 9;
const ALL = {
  outside: ["All join", "joins"],
  room: ["All leave", "leaves"],
  waiting: ["Let all in", "is_admitted"],
};
const NAMES = { room: "In the room", lost: "Connection lost", waiting: "In the waiting room", before_host: "Waiting for the trainer", outside: "Outside" };
const ASKING = ["waiting", "before_host", "lost"]; // somebody may want to act on these, so they come first

export class Rooms {
  follows = ["room", "clock"];

  constructor(store, acting) {
    this.store = store;
    this.acting = acting;
    this.chosen = null;
    this.query = "";
    this.groups = new Map();
    this.choice = h("div", { class: "rooms", role: "group", "aria-label": "Rooms" });
    this.title = h("h3", { dir: "auto" });
    this.state = h("span", { class: "state" });
    this.host = h("div", { class: "row" });
    this.find = h("input", { type: "search", class: "field", placeholder: "Find somebody", "aria-label": "Find somebody in this room",
      autocomplete: "off", oninput: () => { this.query = this.find.value.trim().toLowerCase(); this.draw(); } });
    this.lists = h("div", { class: "groups" });
    this.guest = h("button", { type: "button", class: "button small", onclick: ({ currentTarget }) => this.#guest(currentTarget) }, "A guest joins…");
    this.node = h("div", { class: "people" }, this.choice,
      h("div", { class: "room-head" }, h("div", { class: "names" }, this.title, this.state), this.host), this.find, this.lists,
      h("div", { class: "row last" }, this.guest));
    store.on("world", () => this.#begin());
  }

  get room() {
    return this.store.rooms.find(({ id }) => id === this.chosen) ?? this.store.rooms[0];
  }

  /** How many people are in any room. */
  get present() {
    return this.store.rooms.reduce((sum, room) => sum + whoIsIn(room), 0);
  }

  draw() {
    const { room } = this;
    if (!room) return;
    keepFocus(this.node, () => {
      this.#drawChoice(room);
      this.#drawHead(room);
      this.find.hidden = room.persons.length < SEARCHED_FROM;
      this.#drawGroups(room);
    });
  }

  #begin() {
    for (const group of this.groups.values()) group.node.remove();
    this.groups.clear();
    this.query = this.find.value = "";
    if (!this.store.rooms.some(({ id }) => id === this.chosen)) this.chosen = null;
  }

  #drawChoice(room) {
    this.choice.hidden = this.store.rooms.length < 2;
    if (this.choice.hidden) return;
    this.choice.replaceChildren(...this.store.rooms.map((each) => h("button", {
      type: "button", class: "room-chip", "aria-pressed": String(each === room), data: { key: `room ${each.id}` },
      onclick: () => { this.chosen = each.id; this.#forgetGroups(); this.draw(); },
    }, h("span", { class: `dot ${each.is_open ? "open" : ""}` }), h("span", { dir: "auto" }, each.course), h("span", { class: "count" }, whoIsIn(each) || ""))));
  }

  #drawHead(room) {
    const host = room.persons.find(({ handle }) => handle === room.host);
    this.title.textContent = room.course;
    this.state.textContent = room.is_open ? `${whoIsIn(room)} in` : "closed";
    this.state.className = `state ${room.is_open ? "open" : ""}`;
    const does = (verb, more) => (button) => this.#do(verb, { ...more }, button);
    const first = room.is_open ? { label: "End for all", do: does("ends") } : { label: `${host?.name ?? "The host"} starts`, do: does("starts") };
    this.host.replaceChildren(
      h("button", { type: "button", class: "button small", dir: "auto", data: { key: "host" }, onclick: ({ currentTarget }) => first.do(currentTarget) }, first.label),
      ...(room.is_open ? [menuButton({ label: "What the host can do", key: "host menu", acts: () => [
        { label: "End and start again", note: "three minutes later", do: does("restarts") },
        { label: "End and start again at once", note: "30 seconds later", do: does("restarts", { after: "30s" }) },
        ...(room.breakouts.length ? [{ label: "Call all back from breakout rooms", do: does("calls_all_back") }] : []),
        { label: "End for all, lefts told first", do: does("ends", { lefts: "before" }) },
      ] })] : []));
  }

  #drawGroups(room) {
    const others = this.store.rooms.filter((each) => each !== room);
    const elsewhere = new Set(others.flatMap(({ persons }) => persons.filter(({ places }) => places.length).map(({ handle }) => handle)));
    const sorted = sort(room, this.query, elsewhere);
    const names = [...ASKING, "room", ...room.breakouts.map((name) => `breakout ${name}`), "outside"];
    const shown = [];
    for (const name of names) {
      const entries = sorted.get(name) ?? [];
      if (!entries.length && name !== "room") continue;
      const group = this.#group(name);
      group.draw(entries, room, { isFound: Boolean(this.query) });
      shown.push(group.node);
    }
    for (const child of [...this.lists.children]) if (!shown.includes(child)) child.remove();
    shown.forEach((node, place) => {
      if (this.lists.children[place] !== node) this.lists.insertBefore(node, this.lists.children[place] ?? null);
    });
  }

  #group(name) {
    if (!this.groups.has(name)) {
      const where = name.split(" ")[0];
      const into = name.startsWith("breakout ") ? name.slice("breakout ".length) : null;
      this.groups.set(name, new Group({ where, title: into ?? NAMES[name], all: into ? ["All back", "comes_back"] : ALL[where],
        zone: () => this.store.clock.zone, does: (who, verb, more, button) => this.#do(verb, { who, ...more }, button) }));
    }
    return this.groups.get(name);
  }

  #forgetGroups() {
    for (const group of this.groups.values()) group.node.remove();
    this.groups.clear();
  }

  #do(verb, more, button) {
    return this.acting.do({ act: "room", room: this.room.id, verb, ...more }, button);
  }

  async #guest(button) {
    const guest = await ask("What does the guest call themselves?", { start: "iPad (2)", button: "Joins" });
    if (guest) this.#do("joins", { guest }, button);
  }
}

const whoIsIn = (room) => room.persons.filter(({ places }) => places.some(({ where }) => where === "room" || where === "breakout")).length;

/** By group: entries `{person, places}`; somebody with two devices is in two groups, who is elsewhere is not outside. */
function sort(room, query, elsewhere) {
  const groups = new Map();
  for (const person of room.persons) {
    if (query ? !fits(person, query) : !person.places.length && elsewhere.has(person.handle)) continue;
    const places = person.places.length ? person.places : [{ where: "outside" }];
    const here = new Map();
    for (const place of places) {
      const name = place.where === "breakout" ? `breakout ${place.breakout}` : place.where;
      here.set(name, [...(here.get(name) ?? []), place]);
    }
    for (const [name, held] of here) groups.set(name, [...(groups.get(name) ?? []), { person, places: held }]);
  }
  return groups;
}

const fits = ({ name, handle, places }, query) =>
  [name, handle, ...places.map(({ shown_as: shown }) => shown)].some((text) => text.toLowerCase().includes(query));
