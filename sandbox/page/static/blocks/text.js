/** Texts of Slack: mrkdwn and plain_text into nodes. */

import { h } from "../dom.js";
import { wholeMoment, slackDate } from "../chat/times.js";
import { emojiOf, withEmoji } from "./emoji.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const WORD = /[\p{L}\p{N}_]/u;
const STYLES = { "*": "strong", _: "em", "~": "del" };
const ADDRESS = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]}'"]/;

/** Slack's three entities back into their characters. */
export const unescaped = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** A text object, whichever of the two kinds it is. */
export function textObject(text, context) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, context, { isVerbatim: text.verbatim });
  return [lines(text.emoji === false ? text.text : withEmoji(text.text))];
}

/** A text object as a bare string, for labels and attributes. */
export function bareText(text) {
  if (!text) return "";
  return text.emoji === false || text.type === "mrkdwn" ? text.text : withEmoji(text.text);
}

/** Slack's own markup; `isVerbatim` leaves bare addresses alone. */
export function mrkdwn(text, context, { isVerbatim = false } = {}) {
  const made = [];
  text.split(/```\n?([\s\S]+?)\n?```\n?/).forEach((piece, place) => {
    if (place % 2) made.push(h("pre", { dir: "auto", tabindex: 0 }, h("code", {}, plainOf(piece))));
    else if (piece) made.push(...quotesAndLines(piece, { ...context, isVerbatim }));
  });
  return made;
}

function quotesAndLines(text, context) {
  const made = [];
  let run = [];
  let isQuote = false;
  const flush = () => {
    if (!run.length) return;
    const content = inline(run.join("\n"), context);
    made.push(isQuote ? h("blockquote", { dir: "auto" }, content) : content);
    run = [];
  };
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>) ?(?!&gt;|>)(.*)$/);
    if (Boolean(quoted) !== isQuote) flush();
    isQuote = Boolean(quoted);
    run.push(quoted ? quoted[1] : line);
  }
  flush();
  return made;
}

function inline(text, context) {
  const made = [];
  let plain = "";
  let at = 0;
  const take = (node, length) => {
    if (plain) made.push(lines(unescaped(plain)));
    plain = "";
    made.push(node);
    at += length;
  };
  while (at < text.length) {
    const found = piece(text, at, context);
    if (found) take(...found);
    else plain += text[at++];
  }
  if (plain) made.push(lines(unescaped(plain)));
  return made;
}

/** What begins at this place, if anything does: the node and how many characters it took. */
function piece(text, at, context) {
  const sign = text[at];
  const rest = text.slice(at);
  if (sign === "<") return angled(rest, context);
  if (sign === "`") return code(rest);
  if (STYLES[sign]) return styled(text, at, context);
  if (sign === ":") return shortName(rest);
  if (sign === "h" && !context.isVerbatim && !WORD.test(text[at - 1] ?? "")) return address(rest);
  return null;
}

function code(rest) {
  const found = rest.match(/^`([^`\n]+)`/);
  return found && [h("code", {}, plainOf(found[1])), found[0].length];
}

function shortName(rest) {
  const found = rest.match(/^:([\w+'-]+):(?::skin-tone-\d:)?/);
  const emoji = found && emojiOf(found[1]);
  return emoji ? [h("span", { class: "emoji", title: `:${found[1]}:` }, emoji), found[0].length] : null;
}

function address(rest) {
  const found = rest.match(ADDRESS);
  return found && [link(unescaped(found[0]), unescaped(found[0])), found[0].length];
}

function styled(text, at, context) {
  const sign = text[at];
  if (WORD.test(text[at - 1] ?? "") || /[\s]|undefined/.test(text[at + 1] ?? " ") || text[at + 1] === sign) return null;
  const end = closing(text, at + 1, sign);
  return end < 0 ? null : [h(STYLES[sign], {}, inline(text.slice(at + 1, end), context)), end - at + 1];
}

/** Where the style ends: before no word, behind no space, in the same line, not within <…> or `…`. */
function closing(text, from, sign) {
  for (let at = from; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<" || text[at] === "`") {
      const end = text.indexOf(text[at] === "<" ? ">" : "`", at + 1);
      if (end > 0) at = end;
    } else if (text[at] === sign && !/\s/.test(text[at - 1]) && !WORD.test(text[at + 1] ?? "")) {
      return at;
    }
  }
  return -1;
}

function angled(rest, context) {
  const found = rest.match(/^<([^<>\n]+)>/);
  if (!found) return null;
  const bar = found[1].indexOf("|");
  const target = bar < 0 ? found[1] : found[1].slice(0, bar);
  const label = bar < 0 ? "" : found[1].slice(bar + 1);
  const sign = target[0];
  let node;
  if (sign === "@") node = personMention(target.slice(1), context, label);
  else if (sign === "#") node = channelMention(target.slice(1), context, label);
  else if (sign === "!") node = special(target.slice(1), label, context);
  else node = link(unescaped(target), unescaped(label || target.replace(/^mailto:/, "")));
  return [node, found[0].length];
}

/** `@Ada Lovelace`, marked where it is the reader. */
export function personMention(id, context, label = "") {
  const person = context.store.person(id);
  const isOwn = id === context.me;
  const name = person?.name ?? (unescaped(label) || id);
  return h("span", { class: isOwn ? "mention own" : "mention", dir: "auto" }, `@${name}`);
}

/** `#python-101`, which leads there. */
export function channelMention(id, context, label = "") {
  const channel = context.store.channel(id);
  const name = channel?.name ?? (unescaped(label) || id);
  if (!channel || !context.goTo) return h("span", { class: "mention" }, `#${name}`);
  return h("button", { type: "button", class: "mention", onclick: () => context.goTo(id) }, `#${name}`);
}

/** `@trainers`. */
export function groupMention(id, context, label = "") {
  const group = context.store.groups.find((held) => held.id === id);
  const name = group?.handle ?? unescaped(label).replace(/^@/, "") ?? id;
  return h("span", { class: "mention" }, `@${name || id}`);
}

function special(target, label, context) {
  const [kind, ...rest] = target.split("^");
  if (kind === "subteam") return groupMention(rest[0], context, label);
  if (kind === "date")
    return date({ seconds: Number(rest[0]), format: rest[1], url: rest[2], fallback: label }, context);
  if (["here", "channel", "everyone"].includes(kind)) return h("span", { class: "mention own" }, `@${kind}`);
  return h("span", { class: "unknown" }, unescaped(label) || `<!${target}>`);
}

/** An instant in the reader's zone; hovering tells the whole of it. */
export function date({ seconds, format, url, fallback }, context) {
  if (!Number.isFinite(seconds) || !format) return h("span", {}, unescaped(fallback ?? ""));
  const at = new Date(seconds * 1000);
  const shown = slackDate(seconds, unescaped(format), context.zone, context.store.now());
  const made = h(
    "time",
    { datetime: at.toISOString(), title: `${wholeMoment(at, context.zone)} (${context.zone})` },
    shown,
  );
  return url ? link(unescaped(url), made) : made;
}

/** A link that leaves the page only in a new tab and only by a press; anything but the web and mail is no link. */
export function link(target, label) {
  if (!/^(https?:|mailto:|tel:)/i.test(target)) return h("span", { class: "link" }, label);
  const props = { href: target, target: "_blank", rel: "noopener noreferrer", title: target };
  return h("a", props, label);
}

/** A text with its line breaks. */
export function lines(text) {
  const made = [];
  text.split("\n").forEach((line, place) => {
    if (place) made.push(h("br"));
    if (line) made.push(line);
  });
  return made;
}

/** What stands in code: links as their label or address. */
const plainOf = (text) =>
  unescaped(text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, target, label) => label || target));
