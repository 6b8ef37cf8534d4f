/** One message: who said it, what it shows, what hangs on it. */

import { showBlocks } from "../blocks/blocks.js";
import { emojiOf } from "../blocks/emoji.js";
import { mrkdwn } from "../blocks/text.js";
import { h, icon } from "../dom.js";
import { attachments } from "./attachments.js";
import { messageContext } from "./contexts.js";
import { fileCard } from "./files.js";
import { avatar } from "./people.js";
import { clockTime, wholeMoment } from "./times.js";

const instant = (message) => new Date(message.at ?? Number(message.ts) * 1000);

/** A message that stays one element through all its edits. */
export class MessageNode {
  constructor(chat, message, { isInThread = false } = {}) {
    this.chat = chat;
    this.isInThread = isInThread;
    this.body = h("div", { class: "blocks" });
    this.head = h("div", { class: "head" });
    this.foot = h("div", { class: "foot" });
    this.gutter = h("div", { class: "gutter" });
    this.tools = h("div", { class: "tools" });
    this.node = h(
      "li",
      { class: "message", tabindex: -1, data: { ts: message.ts } },
      this.gutter,
      h("div", { class: "content" }, this.head, this.body, this.foot),
      this.tools,
    );
    if (!isInThread && !message.seen_by) {
      this.tools.append(
        h(
          "button",
          {
            type: "button",
            class: "tool",
            title: "Reply in thread",
            "aria-label": "Reply in thread",
            onclick: () => chat.session.openThread(message.ts),
          },
          icon("thread"),
        ),
      );
    }
  }

  /** Show it as it stands now; `isFirst` of its author in a row, `replies` to it. */
  show(message, { isFirst, replies = [] }) {
    const looks = `${isFirst} ${replies.length} ${replies.at(-1)?.ts}`;
    if (this.message === message && this.looks === looks) return;
    const isEdited = this.message && this.message !== message;
    Object.assign(this, { message, looks, isFirst });
    const { store, session } = this.chat;
    const author = store.person(message.author);
    const at = instant(message);
    const time = h(
      "time",
      { datetime: at.toISOString(), title: wholeMoment(at, session.zone) },
      clockTime(at, session.zone),
    );
    this.node.classList.toggle("first", isFirst);
    this.node.classList.toggle("ephemeral", Boolean(message.seen_by));
    this.gutter.replaceChildren(isFirst ? avatar(author) : time);
    this.head.replaceChildren(...this.#headOf(message, author, isFirst ? time : null));
    this.#showBody(message, isEdited);
    this.foot.replaceChildren(...this.#footOf(message, replies));
  }

  #headOf(message, author, time) {
    const only = message.seen_by ? h("div", { class: "only-you" }, icon("eye"), "Only visible to you") : null;
    const name = author?.name ?? message.author;
    if (!time) return [only, h("span", { class: "unseen" }, `${name} `)].filter(Boolean);
    return [
      only,
      h(
        "div",
        { class: "by" },
        h("strong", { class: "author", dir: "auto" }, name),
        author?.is_bot ? h("span", { class: "app-badge" }, "APP") : null,
        time,
        this.#edited(message),
      ),
    ].filter(Boolean);
  }

  #showBody(message, isEdited) {
    const context = messageContext(this.chat, message);
    if (message.blocks?.length) {
      showBlocks(this.body, message.blocks, context);
    } else {
      const text = h(
        "div",
        { class: isEdited ? "text fresh" : "text", dir: "auto" },
        mrkdwn(message.text ?? "", context),
      );
      this.body.replaceChildren(text);
    }
  }

  #footOf(message, replies) {
    const { store } = this.chat;
    const made = [];
    if (message.attachments?.length) made.push(attachments(message.attachments, messageContext(this.chat, message)));
    for (const id of message.files ?? []) made.push(fileCard(store.file(id)));
    if (message.edited_at && !this.isFirst) made.push(this.#edited(message));
    const reactions = Object.entries(message.reactions ?? {});
    if (reactions.length)
      made.push(
        h(
          "div",
          { class: "reactions" },
          reactions.map(([name, ids]) => this.#reaction(name, ids)),
        ),
      );
    if (replies.length && !this.isInThread) made.push(this.#threadLink(message, replies));
    return made;
  }

  #edited(message) {
    if (!message.edited_at) return null;
    return h(
      "span",
      { class: "edited", title: wholeMoment(new Date(message.edited_at), this.chat.session.zone) },
      "(edited)",
    );
  }

  #reaction(name, ids) {
    const who = ids.map((id) => this.chat.store.person(id)?.name ?? id).join(", ");
    return h(
      "span",
      {
        class: "reaction",
        title: `${who} reacted with :${name}:`,
        role: "img",
        "aria-label": `${name}, ${ids.length}: ${who}`,
      },
      emojiOf(name) ?? `:${name}:`,
      " ",
      h("b", {}, ids.length),
    );
  }

  #threadLink(message, replies) {
    const { store, session } = this.chat;
    const authors = [...new Set(replies.map(({ author }) => author))].slice(0, 3);
    const words = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
    return h(
      "button",
      { type: "button", class: "thread-link", onclick: () => session.openThread(message.ts) },
      authors.map((id) => avatar(store.person(id), "small")),
      h("span", { class: "count" }, words),
      h("span", { class: "last" }, `Last at ${clockTime(instant(replies.at(-1)), session.zone)}`),
    );
  }
}
