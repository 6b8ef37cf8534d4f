/** The side pane with the replies to one message. */

import { h, icon } from "../dom.js";
import { Composer } from "./composer.js";
import { MessageList } from "./conversation.js";

export class ThreadPane {
  constructor(chat) {
    this.chat = chat;
    this.list = new MessageList(chat, { label: "Thread", thread: () => chat.session.thread });
    this.composer = new Composer(chat, { isInThread: true });
    this.shut = h(
      "button",
      { type: "button", class: "tool", "aria-label": "Close the thread", title: "Close", onclick: () => this.close() },
      icon("close"),
    );
    this.node = h(
      "aside",
      {
        class: "thread",
        "aria-label": "Thread",
        hidden: true,
        onkeydown: (event) => event.key === "Escape" && this.close(),
      },
      h("header", { class: "bar" }, h("h2", {}, "Thread"), this.shut),
      this.list.node,
      this.composer.node,
    );
  }

  show() {
    const { session } = this.chat;
    const { channel, thread } = session;
    const isOpening = this.node.hidden && Boolean(thread);
    this.node.hidden = !thread;
    if (!thread) return;
    this.list.show(channel, "The message is no longer there.");
    this.composer.show(`${session.me} ${channel?.id} ${thread}`, "Reply…", channel?.archived);
    if (isOpening) this.composer.field.focus();
  }

  close() {
    const { thread } = this.chat.session;
    this.chat.session.openThread(null);
    this.chat.root.querySelector(`.message[data-ts="${CSS.escape(thread)}"]`)?.focus();
  }
}
