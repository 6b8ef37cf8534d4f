/** The app's Home tab. */

import { showBlocks } from "../blocks/blocks.js";
import { h } from "../dom.js";
import { viewContext } from "./contexts.js";

export class HomeTab {
  #openedFor = null;

  constructor(chat) {
    this.chat = chat;
    this.body = h("div", { class: "blocks" });
    this.empty = h("p", { class: "nothing" });
    this.node = h(
      "div",
      { class: "home", tabindex: 0, role: "region", "aria-label": "Home", hidden: true },
      this.body,
      this.empty,
    );
  }

  /** Show it while one looks at it; the app hears once of each opening. */
  show() {
    const { session, store } = this.chat;
    const isHere = session.place === "home";
    this.node.hidden = !isHere;
    if (!isHere) {
      this.#openedFor = null;
      return;
    }
    if (this.#openedFor !== session.me) {
      this.#openedFor = session.me;
      this.body.replaceChildren();
      this.#open(session.me);
    }
    const view = store.homes[session.me];
    this.empty.textContent = view ? "" : `${store.app.name} has not published a Home tab for you yet.`;
    this.empty.hidden = Boolean(view);
    if (view) showBlocks(this.body, view.source.blocks, viewContext(this.chat, view));
  }

  async #open(person) {
    const reply = await this.chat.act({ act: "open_home", person });
    if (!reply.ok) this.chat.shell.say(reply.error, "bad");
  }
}
