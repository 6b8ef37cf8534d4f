/** The chat: sidebar, conversation, thread and modals for whoever one is. Everything is drawn once per frame at most. */

import { h, icon } from "../dom.js";
import { Composer } from "./composer.js";
import { MessageList } from "./conversation.js";
import { HomeTab } from "./home.js";
import { Modal } from "./modal.js";
import { avatar, channelName } from "./people.js";
import { Sidebar } from "./sidebar.js";
import { ThreadPane } from "./thread.js";

/** Mount it; everything it shows follows the store and the session. */
export function mount(root, { store, act, session, unread, shell }) {
  const values = new Map();
  const chat = {
    root,
    store,
    act,
    session,
    unread,
    shell,
    refresh: show,
    valuesOf,
    toEnd: () => (session.thread ? thread.list : list).toEnd(),
    focusConversation: () => list.list.focus(),
  };
  const sidebar = new Sidebar(chat);
  const list = new MessageList(chat, { label: "Messages" });
  const composer = new Composer(chat);
  const thread = new ThreadPane(chat);
  const home = new HomeTab(chat);
  const modal = new Modal(chat);
  const bar = h("header", { class: "bar" });
  const main = h("main", { id: "conversation", tabindex: -1 }, bar, home.node, list.node, composer.node);
  root.append(sidebar.node, main, thread.node, modal.node);

  let isDue = false;
  const soon = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      show();
    });
  };
  store.on("frame", soon);
  store.on("world", () => values.clear());
  store.on("message", ({ message, isNew }) => isNew && announce(message));
  session.on(show);

  function show() {
    if (!store.kind) return;
    unread.readHere();
    sidebar.show();
    showBar();
    const { channel } = session;
    const isHome = session.place === "home";
    list.node.hidden = isHome;
    home.show();
    if (!isHome) list.show(channel, emptyWords(channel));
    const name = session.isWithApp ? store.app.name : channel && nameOf(channel);
    composer.show(`${session.me} ${session.place}`, `Message ${name ?? ""}`, isHome || channel?.archived);
    thread.show();
    modal.show();
    document.title = [unread.personal(session.me) ? `(${unread.personal(session.me)})` : "", name, store.team.name]
      .filter(Boolean)
      .join(" · ");
  }

  /** The bar is only made anew when it says something new, so that its tabs keep the focus. */
  function showBar() {
    const { channel } = session;
    const looks = JSON.stringify([
      session.me,
      session.place,
      channel?.id,
      channel?.name,
      channel?.members.length,
      session.hasHome,
      session.person?.name,
    ]);
    if (bar.dataset.looks === looks) return;
    const focused = bar.contains(document.activeElement) && document.activeElement.dataset.tab;
    bar.dataset.looks = looks;
    bar.replaceChildren(...(session.isWithApp ? appBar() : channelBar(channel)));
    if (focused) bar.querySelector(`[data-tab=${focused}]`)?.focus();
  }

  function channelBar(channel) {
    if (!channel) return [];
    const people = channel.members.filter((id) => !store.person(id)?.is_bot).length;
    const sign = channel.kind === "im" ? null : icon(channel.kind === "private" ? "lock" : "hash");
    return [
      h("h1", {}, sign, h("span", { dir: "auto" }, channelName(channel, session.me, store))),
      h("span", { class: "note" }, channel.archived ? "archived" : `${people} ${people === 1 ? "person" : "people"}`),
    ];
  }

  function appBar() {
    const tab = (place, label) =>
      h(
        "button",
        {
          type: "button",
          class: "tab",
          data: { tab: place },
          "aria-current": session.place === place ? "page" : null,
          onclick: () => session.goTo(place),
        },
        label,
      );
    const tabs = session.hasHome ? [tab("home", "Home"), tab("app", "Messages")] : [];
    return [
      h(
        "h1",
        {},
        avatar({ is_bot: true }, "small"),
        h("span", { dir: "auto" }, store.app.name),
        h("span", { class: "app-badge" }, "APP"),
      ),
      h("nav", { class: "app-tabs", "aria-label": `Parts of ${store.app.name}` }, tabs),
    ];
  }

  const nameOf = (channel) => (channel.kind === "im" ? "" : "#") + channelName(channel, session.me, store);

  function emptyWords(channel) {
    if (session.isWithApp) return `${store.app.name} has not written to ${session.person?.name ?? "you"} yet.`;
    return channel ? "Nothing has been said here yet." : "";
  }

  function announce(message) {
    const isMine = message.author === session.me || (message.seen_by && message.seen_by !== session.me);
    if (isMine || !store.channel(message.channel)?.members.includes(session.me)) return;
    const where = message.channel === session.channel?.id ? "" : ` in ${nameOf(store.channel(message.channel))}`;
    const words = (message.text ?? "")
      .split("\n")[0]
      .replace(/<[^|>]*\|([^>]*)>/g, "$1")
      .replace(/[*_~`<>]/g, "");
    shell.announce(`${store.person(message.author)?.name ?? "Somebody"}${where}: ${words}`);
  }

  /** What is half typed in a message or a view, for as long as the world lasts. */
  function valuesOf(where) {
    if (!values.has(where)) values.set(where, new Map());
    return values.get(where);
  }
}
