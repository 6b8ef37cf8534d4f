/** Doing something by way of the server, and saying so where it does not work. */

import { h, icon } from "../dom.js";

export class Acting {
  #act;

  constructor(act) {
    this.#act = act;
    this.text = h("span", { dir: "auto" });
    this.strip = h("div", { class: "trouble" }, this.text,
      h("button", { type: "button", class: "tool", "aria-label": "Dismiss", onclick: () => this.clear() }, icon("close")));
    this.strip.hidden = true;
    this.node = h("div", { role: "alert" }, this.strip);
  }

  /** Ask for it; whether it was done. `button` is busy meanwhile. */
  async do(wish, button = null) {
    button?.setAttribute("aria-busy", "true");
    const reply = await this.#act(wish);
    button?.removeAttribute("aria-busy");
    if (reply.ok) this.clear();
    else {
      this.text.textContent = sentence(reply.error ?? "That did not work");
      this.strip.hidden = false;
    }
    return reply.ok;
  }

  clear() {
    this.strip.hidden = true;
    this.text.textContent = "";
  }
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
