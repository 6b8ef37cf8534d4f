/** What a block needs to know about where it stands: who looks, in which zone, and what a press does there. */

import { optionOf } from "../blocks/menus.js";

const keptStates = new Map(); // of tables and folds, by what they stand in: it outlives an edit

function base(chat, where) {
  const { store, session, shell } = chat;
  const values = chat.valuesOf(where);
  return {
    where,
    store,
    shell,
    me: session.me,
    zone: session.zone,
    goTo: (channel) => session.goTo(channel),
    error: () => null,
    value: (block, element) => values.get(`${block.block_id} ${element.action_id}`),
    hold: (block, element, value) => values.set(`${block.block_id} ${element.action_id}`, value),
    kept: (block, make) => {
      const key = `${where} ${block.caption ?? block.title?.text ?? block.block_id}`;
      if (!keptStates.has(key)) keptStates.set(key, make());
      return keptStates.get(key);
    },
  };
}

async function performed(chat, body) {
  const reply = await chat.act(body);
  if (reply.opened) chat.shell.leads(reply.opened);
  if (!reply.ok) chat.shell.say(reply.error || "The app did not answer.", "bad");
  return reply.ok;
}

async function suggested(chat, body) {
  const reply = await chat.act({ act: "suggestions", ...body });
  return (reply.options ?? []).map((option) => optionOf(option));
}

/** For the blocks of a message. */
export function messageContext(chat, message) {
  const about = { person: chat.session.me, channel: message.channel, ts: message.ts };
  return {
    ...base(chat, `${chat.session.me} ${message.channel} ${message.ts}`),
    surface: "message",
    perform: (block, { action_id: action }, selected) =>
      performed(chat, { act: "click", ...about, block_id: block.block_id, action_id: action, selected }),
    suggest: ({ action_id: action }, query) => suggested(chat, { ...about, action_id: action, query }),
  };
}

/** For the blocks of a modal or of the Home tab; `errors` by block id, beside those that the server has. */
export function viewContext(chat, view, errors = {}) {
  const about = { person: chat.session.me, view: view.id };
  const made = base(chat, `${chat.session.me} ${view.id}`);
  return {
    ...made,
    surface: view.kind,
    error: (id) => errors[id] ?? view.errors?.[id] ?? null,
    value: (block, element) =>
      made.value(block, element) ?? stateValue(view.state?.[block.block_id]?.[element.action_id]),
    perform: (block, { action_id: action }, selected) =>
      performed(chat, { act: "click_in_view", ...about, block_id: block.block_id, action_id: action, selected }),
    suggest: ({ action_id: action }, query) => suggested(chat, { ...about, action_id: action, query }),
  };
}

/** What the server holds of an input, in the form in which it is sent. */
function stateValue(entry) {
  if (!entry) return undefined;
  const [, held] = Object.entries(entry).find(([key]) => key !== "type") ?? [];
  if (held === null || held === undefined) return undefined;
  const one = (each) => (typeof each === "object" ? each.value : each);
  return Array.isArray(held) ? held.map(one) : one(held);
}
