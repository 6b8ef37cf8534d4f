/** Where one types: Enter sends, Shift and Enter begins a line; commands, people and channels are completed. */

import { OptionList } from "../blocks/picker.js";
import { h, icon } from "../dom.js";
import { avatar } from "./people.js";

export class Composer {
  #drafts = new Map();
  #list = null;

  constructor(chat, { isInThread = false } = {}) {
    this.chat = chat;
    this.isInThread = isInThread;
    this.box = h("div", { class: "completions", hidden: true });
    this.hint = h("div", { class: "usage", hidden: true });
    this.field = h("textarea", {
      rows: 1,
      class: "say",
      dir: "auto",
      autocomplete: "off",
      "aria-autocomplete": "list",
      data: { key: isInThread ? "reply" : "say" },
      oninput: () => this.#changed(),
      onkeydown: (event) => this.#key(event),
      onblur: () => this.#complete([]),
    });
    this.button = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send" }, icon("send"));
    this.node = h(
      "form",
      {
        class: "composer",
        onsubmit: (event) => {
          event.preventDefault();
          this.#send();
        },
      },
      this.box,
      this.hint,
      h("div", { class: "composer-frame" }, this.field, this.button),
    );
  }

  /** Be the composer of this place; what was half typed in another waits there. */
  show(place, label, isClosed = false) {
    this.field.placeholder = label;
    this.field.setAttribute("aria-label", label);
    this.node.hidden = isClosed;
    if (place === this.place) return;
    if (this.place) this.#drafts.set(this.place, this.field.value);
    this.place = place;
    this.field.value = this.#drafts.get(place) ?? "";
    this.#changed();
    this.#complete([]);
  }

  #changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
    this.button.disabled = !this.field.value.trim();
    this.#complete(this.#completions());
  }

  #completions() {
    const { value, selectionStart: caret } = this.field;
    const { store } = this.chat;
    const before = value.slice(0, caret);
    const command = this.isInThread ? null : store.app.commands.find((each) => value.startsWith(`${each.command} `));
    this.#showHint(command);
    if (!this.isInThread && /^\/\S*$/.test(before)) {
      return store.app.commands
        .filter((each) => each.command.startsWith(before) && each.command !== before)
        .map((each) => ({ value: `${each.command} `, label: each.command, note: each.description, from: 0 }));
    }
    const word = before.match(/(?:^|\s)([@#][^@#\n]*)$/);
    if (word && (!command || before.length > command.command.length))
      return this.#named(word[1], caret - word[1].length);
    const verb = command && before.slice(command.command.length + 1).match(/^\w*$/);
    if (!verb) return [];
    const verbs = (command.usage_hint ?? "")
      .split("|")
      .map((each) => each.trim())
      .filter((each) => /^\w+/.test(each));
    return verbs
      .filter((each) => each.startsWith(verb[0]) && each !== verb[0])
      .map((each) => ({ value: `${each} `, label: each, from: command.command.length + 1, isFree: true }));
  }

  #named(typed, from) {
    const query = typed.slice(1).toLowerCase();
    const { store } = this.chat;
    const options =
      typed[0] === "@"
        ? store.persons
            .filter(({ deleted, is_bot: isBot }) => !deleted && !isBot)
            .map((person) => ({
              value: `@${person.name} `,
              label: person.name,
              note: person.role,
              face: () => avatar(person, "small"),
              from,
            }))
        : store.channels
            .filter(({ kind }) => kind === "public" || kind === "private")
            .map(({ name }) => ({ value: `#${name} `, label: `#${name}`, from }));
    return options.filter(({ label }) => label.toLowerCase().includes(query)).slice(0, 8);
  }

  #showHint(command) {
    this.hint.hidden = !command?.usage_hint;
    this.hint.textContent = command?.usage_hint ? `${command.command} ${command.usage_hint}` : "";
  }

  #complete(options) {
    this.box.hidden = !options.length;
    this.field.setAttribute("aria-expanded", String(Boolean(options.length)));
    if (!options.length) {
      this.#list = null;
      this.box.replaceChildren();
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    if (!this.#list) {
      this.#list = new OptionList({ label: "Completions", onpick: (option) => this.#take(option) });
      this.#list.field = this.field;
      this.box.replaceChildren(this.#list.node);
      this.field.setAttribute("aria-controls", this.#list.id);
    }
    this.#list.isFree = options[0].isFree ?? false;
    this.#list.active = this.#list.isFree ? -1 : 0;
    this.#list.show(options);
  }

  #take({ value, from }) {
    const { selectionStart: caret } = this.field;
    this.field.setRangeText(value, from, caret, "end");
    this.field.focus();
    this.#changed();
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.#list) {
      if (event.key === "Escape") {
        event.stopPropagation();
        this.#complete([]);
        return;
      }
      if (event.key === "Tab" && !event.shiftKey) {
        event.preventDefault();
        this.#take(this.#list.shown[Math.max(0, this.#list.active)]);
        return;
      }
      if (this.#list.key(event)) return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    }
  }

  async #send() {
    const text = this.field.value.trim();
    if (!text) return;
    const { act, session, shell } = this.chat;
    const about = { person: session.me, channel: session.channel?.id ?? null };
    const isCommand = text.startsWith("/") && !this.isInThread;
    this.field.value = "";
    this.#changed();
    this.chat.toEnd();
    const body = isCommand
      ? { act: "command", ...about, text }
      : { act: "say", ...about, text, ...(this.isInThread ? { thread_ts: session.thread } : {}) };
    const reply = await act(body);
    if (reply.ok) return;
    shell.say(reply.error, "bad");
    if (!this.field.value) {
      this.field.value = text;
      this.#changed();
    }
  }
}
