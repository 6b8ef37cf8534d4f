/** Channels, the app, and who else has news; one of them is in the order of Tab, the arrows go to the others. */

import { arrange, h, icon } from "../dom.js";
import { avatar, channelName } from "./people.js";

const NEWS_SHOWN = 6;

export class Sidebar {
  #items = new Map();

  constructor(chat) {
    this.chat = chat;
    this.channels = h("ul", { class: "places", "aria-labelledby": "channels-title" });
    this.directs = h("ul", { class: "places", "aria-labelledby": "directs-title" });
    this.news = h("ul", { class: "places", "aria-labelledby": "news-title" });
    this.newsPart = h("section", { class: "news" }, h("h2", { id: "news-title" }, "New for others"), this.news);
    this.node = h(
      "nav",
      {
        id: "channels",
        class: "sidebar",
        "aria-label": "Channels and people",
        tabindex: -1,
        onkeydown: (event) => this.#key(event),
      },
      h("section", {}, h("h2", { id: "channels-title" }, "Channels"), this.channels),
      h("section", {}, h("h2", { id: "directs-title" }, "Direct messages"), this.directs),
      this.newsPart,
    );
  }

  show() {
    const { session, store } = this.chat;
    const all = session.channels();
    const named = all
      .filter(({ kind }) => kind === "public" || kind === "private")
      .sort((one, other) => one.name.localeCompare(other.name));
    const people = all.filter(({ kind }) => kind === "im" || kind === "mpim");
    arrange(
      this.channels,
      named.map((channel) => this.#channel(channel)),
    );
    arrange(this.directs, [this.#app(), ...people.map((channel) => this.#channel(channel))]);
    const others = store.persons
      .filter(({ id, is_bot: isBot }) => id !== session.me && !isBot)
      .map((person) => ({ person, count: this.chat.unread.personal(person.id) }))
      .filter(({ count }) => count);
    arrange(
      this.news,
      others.slice(0, NEWS_SHOWN).map(({ person, count }) => this.#other(person, count)),
    );
    this.newsPart.hidden = !others.length;
    this.#rove();
  }

  #channel(channel) {
    const { session, store, unread } = this.chat;
    const isDirect = channel.kind === "im" || channel.kind === "mpim";
    const sign = () =>
      isDirect
        ? avatar(store.person(channel.members.find((id) => id !== session.me)), "small")
        : icon(channel.kind === "private" ? "lock" : "hash");
    return this.#item(channel.id, {
      name: channelName(channel, session.me, store),
      sign,
      count: unread.count(session.me, channel.id),
      isDirect,
      isHere: session.place === channel.id,
      note: channel.archived ? "archived" : channel.kind === "private" ? "private" : "",
      onclick: () => session.goTo(channel.id),
    });
  }

  #app() {
    const { session, store, unread } = this.chat;
    return this.#item("app", {
      name: store.app.name ?? "App",
      sign: () => avatar({ ...store.person(store.app.user), is_bot: true }, "small"),
      count: unread.personal(session.me),
      isDirect: true,
      isHere: session.isWithApp,
      note: "app",
      onclick: () => session.goTo("app"),
    });
  }

  #other(person, count) {
    const { session } = this.chat;
    return this.#item(`person ${person.id}`, {
      name: person.name,
      sign: () => avatar(person, "small"),
      count,
      isDirect: true,
      isHere: false,
      note: person.role ?? "",
      onclick: () => {
        session.become(person.id);
        session.goTo("app");
      },
    });
  }

  /** One entry, made once and then only changed where it must be. */
  #item(key, { name, sign, count, isDirect, isHere, note, onclick }) {
    const looks = JSON.stringify([name, count, isHere, note, this.chat.session.me]);
    const held = this.#items.get(key) ?? { node: h("li", {}, h("button", { type: "button", class: "place" })) };
    held.node.firstChild.onclick = onclick;
    if (held.looks !== looks) {
      const button = held.node.firstChild;
      button.replaceChildren(
        sign(),
        h("span", { class: "name", dir: "auto" }, name),
        note ? h("span", { class: "unseen" }, `, ${note}`) : "",
        count ? h("span", { class: isDirect ? "badge" : "unseen" }, isDirect ? count : ", unread") : "",
      );
      button.classList.toggle("unread", count > 0);
      button.title = name;
      if (isHere) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
      held.looks = looks;
    }
    this.#items.set(key, held);
    return held.node;
  }

  #buttons() {
    return [...this.node.querySelectorAll(".place")];
  }

  #rove() {
    const buttons = this.#buttons();
    const chosen =
      buttons.find((button) => button === document.activeElement) ??
      buttons.find((button) => button.ariaCurrent) ??
      buttons[0];
    for (const button of buttons) button.tabIndex = button === chosen ? 0 : -1;
  }

  #key(event) {
    const buttons = this.#buttons();
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
    this.#rove();
  }
}
