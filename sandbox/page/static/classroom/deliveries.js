/** What the platforms have sent to the bot, the newest first. */

import { clockSeconds } from "../chat/times.js";
import { arrange, h, icon } from "../dom.js";
import { showDelivery } from "./delivery_detail.js";
import { keepFocus } from "./focus.js";

const SHOWN = 120; // the newest; older ones are not asked for
export const STATES = {
  waiting: ["on its way", "quiet"],
  answered: ["answered", "good"],
  retrying: ["to be tried again", "warn"],
  refused: ["refused", "bad"],
  lost: ["lost", "bad"],
  given_up: ["given up", "bad"],
};

export class Deliveries {
  follows = ["delivery"];

  constructor(store) {
    this.store = store;
    this.query = "";
    this.rows = new Map();
    this.find = h("input", { type: "search", class: "field", placeholder: "Find by person, event or state", "aria-label": "Find a delivery", autocomplete: "off",
      oninput: () => { this.query = this.find.value.trim().toLowerCase(); this.draw(); } });
    this.list = h("ul", { class: "deliveries", "aria-label": "Deliveries, the newest first" });
    this.nothing = h("p", { class: "note nobody" }, "Nothing has been sent.");
    this.node = h("div", { class: "sent" }, this.find, this.list, this.nothing);
    store.on("world", () => this.rows.clear());
  }

  draw() {
    const fitting = this.store.deliveries.filter((each) => !this.query || words(each).includes(this.query)).slice(-SHOWN).reverse();
    this.nothing.hidden = fitting.length > 0;
    this.nothing.textContent = this.query ? "Nothing fits." : "Nothing has been sent.";
    keepFocus(this.node, () => arrange(this.list, fitting.map((each) => this.#row(each))));
    const ids = new Set(fitting.map(({ id }) => id));
    for (const id of this.rows.keys()) if (!ids.has(id)) this.rows.delete(id);
  }

  #row(delivery) {
    const drawn = JSON.stringify(delivery);
    const held = this.rows.get(delivery.id);
    if (held?.drawn === drawn) return held.node;
    const node = held?.node ?? h("li", {});
    const [state, tone] = STATES[delivery.state] ?? [delivery.state, "quiet"];
    node.replaceChildren(h("button", { type: "button", class: "delivery", data: { key: `delivery ${delivery.id}` }, onclick: ({ currentTarget }) => showDelivery(delivery, this.store, currentTarget) },
      h("span", { class: "at" }, clockSeconds(new Date(delivery.at), this.store.clock.zone)),
      h("span", { class: "what" }, h("span", { class: "event" }, eventName(delivery.event)), delivery.about && h("span", { class: "note" }, h("bdi", {}, delivery.about))),
      h("span", { class: `tone ${tone}` }, delivery.status ?? state, delivery.status ? h("span", { class: "unseen" }, state) : null,
        delivery.tries > 1 ? h("span", { class: "tries" }, `×${delivery.tries}`) : null),
      icon("right")));
    this.rows.set(delivery.id, { drawn, node });
    return node;
  }
}

/** `meeting.participant_joined` → `joined`: who stands below. */
export const eventName = (event) => event.replace(/^\w+\.(participant_)?/, "").replaceAll("_", " ");

const words = ({ event, about, state, status }) => `${event} ${eventName(event)} ${about} ${state} ${status ?? ""}`.toLowerCase();
