/** The messages of one place, grouped by author and day; it stays at the end while one reads the end. */

import { arrange, h } from "../dom.js";
import { messageKey } from "../store.js";
import { MessageNode } from "./message.js";
import { dayInWords, dayOf } from "./times.js";

const SHOWN = 80; // older ones come on demand, so that a long history costs nothing
const SAME_BREATH = 5 * 60_000;
const NEAR_END = 60;

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
const seconds = (message) => Number(message.ts);

/** The list of a channel, or of a thread where `thread` gives the ts it hangs on. */
export class MessageList {
  #nodes = new Map();
  #dividers = new Map();
  #limit = SHOWN;
  #place = null;

  constructor(chat, { label, thread = () => null }) {
    this.chat = chat;
    this.thread = thread;
    this.list = h("ol", { class: "messages", tabindex: 0, "aria-label": label, onscroll: () => this.#scrolled() });
    this.down = h(
      "button",
      { type: "button", class: "to-end", hidden: true, onclick: () => this.toEnd() },
      "New messages ↓",
    );
    this.node = h("div", { class: "message-frame" }, this.list, this.down);
    this.empty = h("li", { class: "nothing" });
    this.older = h(
      "li",
      { class: "older" },
      h("button", { type: "button", class: "button small", onclick: () => this.#showOlder() }, "Show earlier messages"),
    );
    new ResizeObserver(() => this.isAtEnd && this.toEnd()).observe(this.list);
    this.isAtEnd = true;
  }

  /** Show what the person sees of this channel now. */
  show(channel, emptyWords) {
    const place = `${this.chat.session.me} ${channel?.id} ${this.thread()}`;
    const isNewPlace = place !== this.#place;
    if (isNewPlace) this.#moveTo(place);
    const [shown, rest, replies] = this.#select(channel);
    const nodes = rest ? [this.older] : [];
    const last = this.#lastKey;
    let before = null;
    for (const message of shown) {
      const day = this.#dividerBefore(message, before);
      if (day) nodes.push(day);
      nodes.push(this.#nodeOf(message, Boolean(day) || !this.#follows(message, before), replies.get(message.ts)));
      before = message;
    }
    this.#lastKey = before && messageKey(before);
    this.empty.textContent = emptyWords;
    arrange(this.list, nodes.length ? nodes : [this.empty]);
    this.#forget(shown);
    if (this.isAtEnd || isNewPlace) this.toEnd();
    else if (this.#lastKey !== last) this.down.hidden = false;
  }

  #lastKey = null;

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.isAtEnd = true;
    this.down.hidden = true;
  }

  #moveTo(place) {
    this.#place = place;
    this.#nodes.clear();
    this.#limit = SHOWN;
    this.list.replaceChildren();
    this.isAtEnd = true;
  }

  #select(channel) {
    const { store, session } = this.chat;
    const thread = this.thread();
    const replies = new Map();
    const fitting = [];
    for (const message of channel ? store.messages : []) {
      if (message.channel !== channel.id || (message.seen_by && message.seen_by !== session.me)) continue;
      if (thread ? message.ts === thread || message.thread_ts === thread : !isReply(message)) fitting.push(message);
      else if (isReply(message)) replies.set(message.thread_ts, [...(replies.get(message.thread_ts) ?? []), message]);
    }
    fitting.sort((one, other) => seconds(one) - seconds(other));
    const rest = Math.max(0, fitting.length - this.#limit);
    return [fitting.slice(rest), rest, replies];
  }

  #follows(message, before) {
    return (
      before &&
      before.author === message.author &&
      !before.seen_by &&
      !message.seen_by &&
      (seconds(message) - seconds(before)) * 1000 < SAME_BREATH
    );
  }

  #nodeOf(message, isFirst, replies) {
    const key = messageKey(message);
    if (!this.#nodes.has(key))
      this.#nodes.set(key, new MessageNode(this.chat, message, { isInThread: Boolean(this.thread()) }));
    const made = this.#nodes.get(key);
    made.show(message, { isFirst, replies });
    return made.node;
  }

  #dividerBefore(message, before) {
    const { zone } = this.chat.session;
    const at = new Date(seconds(message) * 1000);
    const day = dayOf(at, zone);
    if (before && dayOf(new Date(seconds(before) * 1000), zone) === day) return null;
    if (!this.#dividers.has(day)) this.#dividers.set(day, h("li", { class: "day" }, h("span")));
    const divider = this.#dividers.get(day);
    divider.firstChild.textContent = dayInWords(at, zone, this.chat.store.now());
    return divider;
  }

  #forget(shown) {
    if (this.#nodes.size === shown.length) return;
    const kept = new Set(shown.map(messageKey));
    for (const key of this.#nodes.keys()) if (!kept.has(key)) this.#nodes.delete(key);
  }

  #showOlder() {
    const height = this.list.scrollHeight;
    this.#limit += SHOWN;
    this.isAtEnd = false;
    this.chat.refresh();
    this.list.scrollTop += this.list.scrollHeight - height;
    this.list.focus();
  }

  #scrolled() {
    this.isAtEnd = this.list.scrollTop + this.list.clientHeight > this.list.scrollHeight - NEAR_END;
    if (this.isAtEnd) this.down.hidden = true;
  }
}
