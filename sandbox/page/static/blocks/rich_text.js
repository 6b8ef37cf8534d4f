/** rich_text: sections, lists, quotes and code, piece by piece. */

import { h } from "../dom.js";
import { emojiOf } from "./emoji.js";
import { channelMention, date, groupMention, lines, link, personMention } from "./text.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  strike: "del",
  code: "code",
  underline: "u",
  highlight: "mark",
  client_highlight: "mark",
};

const PIECES = {
  text: (piece) => lines(piece.text),
  link: (piece) => link(piece.url, piece.text || piece.url),
  emoji: (piece) => h("span", { class: "emoji", title: `:${piece.name}:` }, character(piece)),
  user: (piece, context) => personMention(piece.user_id, context),
  usergroup: (piece, context) => groupMention(piece.usergroup_id, context),
  channel: (piece, context) => channelMention(piece.channel_id, context),
  team: (piece, context) => h("span", { class: "mention" }, context.store.team.name || piece.team_id),
  broadcast: (piece) => h("span", { class: "mention own" }, `@${piece.range}`),
  color: (piece) => h("span", { class: "colour" }, h("i", { style: { "background-color": piece.value } }), piece.value),
  date: (piece, context) => date({ ...piece, seconds: piece.timestamp }, context),
};

const PARTS = {
  rich_text_section: (part, context) => h("div", { class: "rich-section", dir: "auto" }, pieces(part, context)),
  rich_text_quote: (part, context) => h("blockquote", { dir: "auto" }, pieces(part, context)),
  rich_text_preformatted: (part, context) =>
    h("pre", { dir: "auto", tabindex: 0 }, h("code", {}, pieces(part, context))),
  rich_text_list: list,
};

/** The whole block, or the cell of a table. */
export function richText(block, context) {
  return h(
    "div",
    { class: "rich-text" },
    block.elements.map((part) => PARTS[part.type]?.(part, context) ?? unknown(part)),
  );
}

/** Only the words of it, for sorting and for labels. */
export function richTextWords(block) {
  if (Array.isArray(block)) return block.map(richTextWords).join("");
  return block.text ?? block.name ?? (block.elements ? richTextWords(block.elements) : "");
}

function list(part, context) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const props = {
    class: "rich-list",
    style: { "--indent": part.indent ?? 0 },
    start: part.offset ? part.offset + 1 : null,
  };
  return h(
    tag,
    props,
    part.elements.map((item) => h("li", { dir: "auto" }, pieces(item, context))),
  );
}

function pieces(part, context) {
  return part.elements.map((piece) => {
    const made = PIECES[piece.type]?.(piece, context) ?? unknown(piece);
    return Object.entries(piece.style ?? {}).reduce((inner, [name, isOn]) => {
      return isOn && TAGS[name] ? h(TAGS[name], {}, inner) : inner;
    }, made);
  });
}

function character(piece) {
  if (piece.unicode) return String.fromCodePoint(...piece.unicode.split("-").map((code) => Number.parseInt(code, 16)));
  return emojiOf(piece.name) ?? `:${piece.name}:`;
}

const unknown = (piece) => h("span", { class: "unknown" }, `unknown piece of rich text: ${piece.type}`);
