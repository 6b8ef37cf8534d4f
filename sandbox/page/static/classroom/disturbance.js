/** What goes wrong on purpose: on the way of the deliveries, and in Slack. And what the judge has remarked. */

import { h } from "../dom.js";

const DELAYS = [[0, "not delayed"], [10, "10 s late"], [60, "1 min late"], [300, "5 min late"], [1200, "20 min late"]];
const SWITCHES = [
  ["lost", "Lost", "none arrives"],
  ["doubled", "Doubled", "each arrives twice"],
  ["is_shuffled", "Shuffled", "every second one overtakes"],
];
const FAULTS = [
  ["slow", "is slow", [["2 s", 2], ["5 s", 5], ["15 s", 15]]],
  ["rate_limit", "says: too many calls", [["for 10 s", 10], ["for 30 s", 30], ["for 2 min", 120]]],
  ["server_error", "fails with HTTP 500"],
  ["error", "refuses", [["fatal_error"], ["channel_not_found"], ["not_in_channel"], ["is_archived"], ["account_inactive"], ["missing_scope"]]],
  ["no_answer", "never answers"],
  ["drop_answer", "does it, but the answer is lost"],
];
const METHODS = ["*", "chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral", "conversations.open", "views.open", "views.publish", "users.info", "users.lookupByEmail", "response_url"];
const TIMES = [["once", 1], ["three times", 3], ["until cleared", null]];
const WORDS = { status: "HTTP", rate_limited: "too many calls,", no_answer: "no answer", answer_dropped: "answer lost", slow: "slow,", error: "refuses:" };

export class Disturbance {
  follows = ["handling", "faults", "call", "problem"];

  constructor(store, acting) {
    this.store = store;
    this.acting = acting;
    this.delay = select("Deliveries are", DELAYS.map(([value, label]) => [value, label]), () => this.#handle({ delay: Number(this.delay.value) }));
    this.switches = SWITCHES.map(([name, label, note]) => {
      const box = h("input", { type: "checkbox", onchange: () => this.#handle({ [name]: box.checked }) });
      box.dataset.name = name;
      return h("label", { class: "choice" }, box, h("span", { class: "words" }, label, h("span", { class: "note" }, note)));
    });
    this.kind = select("What happens", FAULTS.map(([value, label]) => [value, label]), () => this.#offer());
    this.more = select("How", [], () => {});
    this.method = select("Method", METHODS.map((each) => [each, each === "*" ? "every method" : each]), () => {});
    this.times = select("How often", TIMES.map(([label], place) => [place, label]), () => {});
    this.faults = h("ul", { class: "faults", "aria-label": "What goes wrong in Slack" });
    this.clear = h("button", { type: "button", class: "button small", onclick: ({ currentTarget }) => acting.do({ act: "clear_faults" }, currentTarget) }, "All is well again");
    this.problems = h("ol", {});
    this.calls = h("ol", { class: "calls" });
    this.problemsNode = h("details", {}, h("summary", {}), this.problems);
    this.callsNode = h("details", { ontoggle: () => this.draw() }, h("summary", {}), this.calls);
    const form = h("form", { class: "fault-form", onsubmit: (event) => { event.preventDefault(); this.#break(event.submitter); } },
      h("span", { class: "lead" }, "Slack"), this.kind, this.more, h("span", { class: "lead" }, "at"), this.method, this.times, h("button", { class: "button small" }, "Do it"));
    this.node = h("div", { class: "disturbance" },
      h("section", {}, h("h3", {}, "From now on, deliveries are"), h("div", { class: "choices" }, this.delay, this.switches)),
      h("section", {}, h("h3", {}, "In Slack"), form, this.faults, this.clear),
      h("section", {}, h("h3", {}, "What came of it"), this.problemsNode, this.callsNode));
    this.#offer();
  }

  /** How many things are wrong on purpose. */
  get active() {
    const { handling, faults } = this.store;
    return faults.length + ["lost", "doubled", "is_shuffled"].filter((name) => handling[name]).length + (handling.delay ? 1 : 0);
  }

  draw() {
    const { handling, faults, problems, calls } = this.store;
    const delay = handling.delay ?? 0;
    if (!DELAYS.some(([value]) => value === delay)) this.delay.append(h("option", { value: delay }, `${delay} s late`));
    this.delay.value = delay;
    for (const label of this.switches) {
      const box = label.firstChild;
      box.checked = Boolean(handling[box.dataset.name]);
    }
    this.faults.replaceChildren(...faults.map(({ method, kind, about, times }) => h("li", {},
      h("span", { class: "tone bad" }, [WORDS[kind] ?? kind, about].filter(Boolean).join(" ")),
      h("span", {}, method === "*" ? "every method" : method), h("span", { class: "note" }, times === null ? "until cleared" : `${times}×`))));
    this.clear.hidden = !faults.length;
    this.problemsNode.firstChild.textContent = problems.length ? `${problems.length} remarks of the judge` : "The judge has nothing to remark";
    this.problems.replaceChildren(...problems.slice(-30).reverse().map((text) => h("li", { dir: "auto" }, text)));
    this.callsNode.firstChild.textContent = calls.length ? "Calls to Slack, the newest first" : "No call to Slack yet";
    if (!this.callsNode.open) return;
    this.calls.replaceChildren(...calls.slice(-60).reverse().map(({ method, outcome, status }) => h("li", {},
      h("span", {}, method), h("span", { class: `tone ${outcome === "ok" ? "good" : "bad"}` }, outcome === "ok" ? "ok" : `${outcome} ${status || ""}`))));
  }

  #offer() {
    const options = FAULTS.find(([value]) => value === this.kind.value)?.[2] ?? [];
    this.more.replaceChildren(...options.map(([label], place) => h("option", { value: place }, label)));
    this.more.hidden = !options.length;
    this.times.disabled = this.kind.value === "slow";
  }

  #break(button) {
    const kind = this.kind.value;
    const [label, seconds] = FAULTS.find(([value]) => value === kind)[2]?.[this.more.value || 0] ?? [];
    const how = kind === "error" ? { code: label } : seconds ? { seconds } : {};
    this.acting.do({ act: "fault", fault: kind, method: this.method.value, times: TIMES[this.times.value][1], ...how }, button);
  }

  async #handle(changes) {
    if (!await this.acting.do({ act: "handling", ...changes })) this.draw();
  }
}

function select(label, options, onchange) {
  return h("select", { class: "field", "aria-label": label, onchange }, options.map(([value, text]) => h("option", { value }, text)));
}
