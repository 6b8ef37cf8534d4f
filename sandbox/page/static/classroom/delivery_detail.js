/** One delivery with everything about it: every try, its signed headers, its bytes, and what the bot made of it. */

import { clockSeconds } from "../chat/times.js";
import { freshId, h, icon } from "../dom.js";
import { eventName, STATES } from "./deliveries.js";

/** Open it in a dialog; the focus returns to `from`. */
export async function showDelivery(delivery, store, from) {
  const title = freshId("title");
  const body = h("div", { class: "body", tabindex: 0 }, h("p", { class: "note" }, "…"));
  const dialog = h("dialog", { class: "dialog delivery-detail", "aria-labelledby": title, onclose: () => {
    dialog.remove();
    (from.isConnected ? from : document.querySelector(`[data-key="${CSS.escape(from.dataset.key)}"]`))?.focus();
  } },
    h("header", { class: "bar" }, h("h2", { id: title, dir: "auto" }, [eventName(delivery.event), delivery.about].filter(Boolean).join(" · ")),
      h("button", { type: "button", class: "tool", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))), body);
  document.body.append(dialog);
  dialog.showModal();
  body.replaceChildren(...await detail(delivery, store.clock.zone));
}

async function detail(delivery, zone) {
  let found;
  try {
    const reply = await fetch(`deliveries/${encodeURIComponent(delivery.id)}`);
    if (!reply.ok) return [h("p", { class: "note" }, await reply.text())];
    found = await reply.json();
  } catch {
    return [h("p", { class: "note" }, "The sandbox does not answer.")];
  }
  const [state, tone] = STATES[found.state] ?? [found.state, "quiet"];
  const time = (at) => clockSeconds(new Date(at), zone);
  return [
    h("p", {}, h("span", { class: `tone ${tone}` }, state), ` · put on its way at ${time(found.at)}`),
    part("Tries", found.tries.length ? tries(found.tries, time) : h("p", { class: "note" }, "None yet.")),
    part("What the bot made of it", became(found.became, time)),
    part("Headers of the newest try", Object.keys(found.headers).length ? headers(found.headers) : h("p", { class: "note" }, "It has not been sent yet.")),
    part("Body", code(pretty(found.body)), h("details", {}, h("summary", {}, "Byte for byte"), code(found.body))),
  ];
}

const part = (name, ...children) => h("section", {}, h("h3", {}, name), ...children);
const code = (text) => h("pre", { dir: "auto" }, text);

function tries(all, time) {
  return h("ol", { class: "tries" }, all.map(({ at, status, reply, error }) => h("li", {},
    h("span", { class: "at" }, time(at)), h("span", { class: `tone ${status === null || status >= 300 ? "bad" : "good"}` }, status ?? "no reply"),
    h("span", { class: "note", dir: "auto" }, error || reply || "(empty)"))));
}

function headers(all) {
  return h("dl", { class: "facts" }, Object.entries(all).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function became(told, time) {
  if (!told) return h("p", { class: "note" }, "It knows nothing of it, so far.");
  const { understood = [], ...facts } = told;
  return h("div", {},
    h("dl", { class: "facts" }, Object.entries(facts).filter(([, value]) => value).flatMap(([name, value]) => [
      h("dt", {}, name.replaceAll("_", " ")), h("dd", {}, name.endsWith("_at") ? time(value) : value)])),
    understood.length ? h("ul", { class: "understood" }, understood.map(({ kind, who, at }) =>
      h("li", { dir: "auto" }, `${kind.replaceAll("_", " ")}${who ? `: ${who}` : ""}, ${time(at)}`))) : null);
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
