/** The modal in front of a person: the topmost of the stack, in a dialog that keeps the focus. */

import { showBlocks } from "../blocks/blocks.js";
import { flawOf, startValue } from "../blocks/inputs.js";
import { bareText } from "../blocks/text.js";
import { freshId, h, icon } from "../dom.js";
import { viewContext } from "./contexts.js";

export class Modal {
  #view = null;
  #errors = {};
  #from = null; // where the focus was before

  constructor(chat) {
    this.chat = chat;
    const title = freshId("title");
    this.title = h("h2", { id: title, dir: "auto" });
    this.body = h("div", { class: "body blocks", tabindex: -1 });
    this.trouble = h("p", { class: "trouble", role: "alert", hidden: true });
    this.back = h(
      "button",
      { type: "button", class: "tool", "aria-label": "Back", title: "Back", onclick: () => this.#close(1) },
      icon("back"),
    );
    this.no = h("button", { type: "button", class: "button", dir: "auto", onclick: () => this.#close(1) });
    this.yes = h("button", { type: "submit", class: "button primary", dir: "auto", data: { key: "submit" } });
    this.node = h(
      "dialog",
      {
        class: "dialog modal",
        "aria-labelledby": title,
        oncancel: (event) => {
          event.preventDefault();
          this.#close(1);
        },
      },
      h(
        "form",
        {
          novalidate: true,
          onsubmit: (event) => {
            event.preventDefault();
            this.#submit();
          },
        },
        h(
          "header",
          { class: "bar" },
          this.back,
          this.title,
          h(
            "button",
            {
              type: "button",
              class: "tool",
              "aria-label": "Close",
              title: "Close",
              onclick: () => this.#close(Infinity),
            },
            icon("close"),
          ),
        ),
        this.body,
        this.trouble,
        h("footer", { class: "foot" }, this.no, this.yes),
      ),
    );
  }

  show() {
    const stack = this.chat.store.views[this.chat.session.me] ?? [];
    const view = stack.at(-1);
    if (!view) {
      this.#shut();
      return;
    }
    const isAnother = this.#view?.id !== view.id;
    if (isAnother) this.#errors = {};
    this.#view = view;
    this.title.textContent = bareText(view.source.title);
    this.back.hidden = stack.length < 2;
    this.no.textContent = bareText(view.source.close) || "Cancel";
    this.yes.textContent = bareText(view.source.submit) || "Submit";
    this.yes.hidden = !view.source.submit;
    this.yes.disabled = Boolean(view.source.submit_disabled);
    this.#showBody();
    if (!this.node.open) this.#open();
    else if (isAnother) this.#focusFirst();
  }

  #showBody() {
    showBlocks(this.body, this.#view.source.blocks, viewContext(this.chat, this.#view, this.#errors));
  }

  #open() {
    this.#from = document.activeElement;
    this.trouble.hidden = true;
    this.node.showModal();
    this.#focusFirst();
  }

  #focusFirst() {
    const fields = "[autofocus], .field, .picker, .choices input";
    (this.body.querySelector("[autofocus]") ?? this.body.querySelector(fields) ?? this.body).focus();
  }

  #shut() {
    this.#view = null;
    if (!this.node.open) return;
    this.node.close();
    this.body.replaceChildren();
    if (this.#from?.isConnected) this.#from.focus();
    else this.chat.focusConversation();
  }

  async #close(most) {
    const { act, session, store } = this.chat;
    const stack = [...(store.views[session.me] ?? [])].reverse().slice(0, most);
    for (const view of stack) await act({ act: "close_view", person: session.me, view: view.id });
    store.views[session.me] = (store.views[session.me] ?? []).filter(
      ({ id }) => !stack.some((closed) => closed.id === id),
    );
    this.show();
  }

  async #submit() {
    const view = this.#view;
    if (this.yes.hidden || this.yes.ariaBusy === "true") return;
    const [values, flaws] = this.#filled(view);
    this.#errors = flaws;
    this.trouble.hidden = true;
    if (Object.keys(flaws).length) {
      this.#showErrors();
      return;
    }
    this.yes.ariaBusy = "true";
    const reply = await this.chat.act({ act: "submit", person: this.chat.session.me, view: view.id, values });
    this.yes.ariaBusy = "false";
    if (reply.ok || this.#view?.id !== view.id) return;
    this.#errors = reply.errors ?? {};
    this.trouble.hidden = !reply.error || Object.keys(this.#errors).length > 0;
    this.trouble.textContent = reply.error ?? "";
    this.#showErrors();
  }

  #showErrors() {
    this.#showBody();
    this.body.querySelector(".input.wrong :is(input, textarea, .picker)")?.focus();
  }

  /** The values of all inputs, and what is wrong with them. */
  #filled(view) {
    const context = viewContext(this.chat, view);
    const values = {};
    const flaws = {};
    for (const block of view.source.blocks) {
      if (block.type !== "input") continue;
      const start = startValue(block.element);
      const value = context.value(block, block.element) ?? start;
      const flaw = flawOf(block.element, value, block.optional);
      if (flaw) flaws[block.block_id] = flaw;
      const isEmpty = value === undefined || value === null || (value === "" && !start);
      if (!isEmpty) values[block.block_id] = value;
    }
    return [values, flaws];
  }
}
