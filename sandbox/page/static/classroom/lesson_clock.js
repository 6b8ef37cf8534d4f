/** Lesson time, and how fast it goes: stop, run, step on, and anything from half as fast to six hundred times. */

import { clockSeconds, wholeMoment } from "../chat/times.js";
import { h } from "../dom.js";
import { sign } from "./signs.js";

const SPEEDS = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];
const STEPS = [["+1 min", 60], ["+5 min", 300]];

export class LessonClock {
  follows = ["clock", "scenario"];

  constructor(store, acting) {
    this.store = store;
    this.acting = acting;
    this.time = h("time", { class: "time" });
    this.day = h("span", { class: "note" });
    this.run = h("button", { type: "button", class: "round", onclick: () => this.#steer({ is_running: !store.clock.is_running }) });
    this.next = this.#step("Next", "next", "Step on to the next thing that happens");
    this.steps = STEPS.map(([label, seconds]) => this.#step(label, seconds, `Step on by ${seconds / 60} min`));
    this.speed = h("input", { type: "range", min: 0, max: SPEEDS.length - 1, step: 1, "aria-label": "Speed of lesson time",
      oninput: () => this.#showSpeed(SPEEDS[this.speed.value]),
      onchange: () => this.#steer({ speed: SPEEDS[this.speed.value] }) });
    this.times = h("output", { class: "times" });
    this.done = h("div", { class: "done" });
    this.controls = h("div", { class: "controls" }, this.run,
      h("div", { class: "steps", role: "group", "aria-label": "Step on; this stops the clock" }, this.next, this.steps),
      h("label", { class: "speed" }, this.speed, this.times));
    this.node = h("section", { class: "clock", "aria-label": "Lesson time" },
      h("div", { class: "face" }, this.time, this.day), h("div", { class: "length", "aria-hidden": "true" }, this.done), this.controls);
  }

  draw() {
    const { clock } = this.store;
    if (!clock) return;
    this.controls.hidden = !clock.can_be_steered;
    for (const step of [this.next, ...this.steps]) step.hidden = !clock.can_step;
    this.run.replaceChildren(sign(clock.is_running ? "stop" : "run"));
    this.run.setAttribute("aria-label", clock.is_running ? "Stop lesson time" : "Let lesson time run");
    this.run.title = this.run.getAttribute("aria-label");
    this.node.classList.toggle("stands", !clock.is_running);
    if (document.activeElement !== this.speed) this.speed.value = nearest(clock.speed);
    this.#showSpeed(clock.speed);
    this.tick();
  }

  /** Show the moment; called a few times a second. */
  tick() {
    const { clock, scenario } = this.store;
    if (!clock) return;
    const now = this.store.now();
    const shown = clockSeconds(now, clock.zone);
    if (this.time.textContent === shown) return;
    this.time.textContent = shown;
    this.time.dateTime = now.toISOString();
    this.day.textContent = `${wholeMoment(now, clock.zone).replace(/ \d{4} .*| \d\d:\d\d$/, "")} · ${clock.zone}`;
    const from = Date.parse(scenario?.begins_at);
    const until = Date.parse(scenario?.ends_at);
    this.done.parentNode.hidden = Number.isNaN(from);
    this.done.style.width = `${Math.min(100, Math.max(0, (100 * (now - from)) / (until - from)))}%`;
  }

  #step(label, length, title) {
    return h("button", { type: "button", class: "button small", title, onclick: ({ currentTarget }) => {
      const to = length === "next" ? length : new Date(+this.store.now() + length * 1000).toISOString();
      return this.#steer({ step_to: to }, currentTarget);
    } }, label);
  }

  #showSpeed(speed) {
    const shown = `${speed}×`;
    this.times.textContent = shown;
    this.speed.setAttribute("aria-valuetext", `${speed} times as fast as the world`);
  }

  #steer(changes, button = null) {
    return this.acting.do({ act: "clock", ...changes }, button);
  }
}

function nearest(speed) {
  const distances = SPEEDS.map((each) => Math.abs(Math.log(each / speed)));
  return distances.indexOf(Math.min(...distances));
}
