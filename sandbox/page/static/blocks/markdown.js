/** The markdown block: standard Markdown, as much of it as Slack shows. */

import { h } from "../dom.js";
import { lines, link } from "./text.js";
import { withEmoji } from "./emoji.js";

const INLINE = [
  [/^`([^`]+)`/, (found) => h("code", {}, found[1])],
  [/^!?\[([^\]]*)\]\(([^)\s]+)\)/, (found) => link(found[2], found[1] || found[2])],
  [/^<(https?:[^>\s]+)>/, (found) => link(found[1], found[1])],
  [/^\*\*(?=\S)([\s\S]*?\S)\*\*/, (found) => h("strong", {}, inline(found[1]))],
  [/^__(?=\S)([\s\S]*?\S)__(?!\w)/, (found) => h("strong", {}, inline(found[1]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (found) => h("del", {}, inline(found[1]))],
  [/^\*(?=\S)([\s\S]*?\S)\*/, (found) => h("em", {}, inline(found[1]))],
  [/^_(?=\S)([\s\S]*?\S)_(?!\w)/, (found) => h("em", {}, inline(found[1]))],
  [/^\\([\\`*_{}[\]()#+.!|>~-])/, (found) => found[1]],
];

const BLOCKS = [
  [/^```\w*\n([\s\S]*?)\n?```(?:\n|$)/, (found) => h("pre", { dir: "auto", tabindex: 0 }, h("code", {}, found[1]))],
  [
    /^(#{1,6}) +(.+)(?:\n|$)/,
    (found) =>
      h(
        "p",
        {
          class: `level-${Math.min(found[1].length, 3)}`,
          role: "heading",
          "aria-level": Math.min(found[1].length + 2, 6),
          dir: "auto",
        },
        inline(found[2]),
      ),
  ],
  [/^(?:-{3,}|\*{3,}|_{3,}) *(?:\n|$)/, () => h("hr")],
  [/^\|.+\|[ \t]*\n\|[-:| \t]+\|[ \t]*(?:\n\|.*\|[ \t]*)*(?:\n|$)/, table],
  [/^(?:> ?.*(?:\n|$))+/, (found) => h("blockquote", { dir: "auto" }, parsed(found[0].replace(/^> ?/gm, "")))],
  [/^(?: *[-*+] .*(?:\n|$))+/, (found) => list("ul", found[0])],
  [/^(?: *\d+[.)] .*(?:\n|$))+/, (found) => list("ol", found[0])],
  [/^\n+/, () => []],
  [
    /^[^\n]+(?:\n(?!```|#{1,6} |> |\s*[-*+] |\s*\d+[.)] |\||\n)[^\n]+)*\n?/,
    (found) => h("p", { dir: "auto" }, inline(found[0].trim())),
  ],
];

/** The block's text as nodes. */
export const markdown = (text) => h("div", { class: "markdown" }, parsed(text));

function parsed(text) {
  return consumed(text, BLOCKS, (rest) => [rest, rest.length]);
}

function inline(text) {
  return consumed(text, INLINE, (rest) => {
    const length = Math.max(1, rest.slice(1).search(/[`[!<*_~\\]/) + 1) || rest.length;
    const taken = rest.slice(1).search(/[`[!<*_~\\]/) < 0 ? rest.length : length;
    return [lines(withEmoji(rest.slice(0, taken))), taken];
  });
}

/** Take what matches first, over and over; `otherwise` says what to take where nothing does, and how much. */
function consumed(text, rules, otherwise) {
  const made = [];
  let rest = text;
  while (rest) {
    const rule = rules.find(([pattern]) => pattern.test(rest));
    const found = rule?.[0].exec(rest);
    const [node, length] = found ? [rule[1](found), found[0].length] : otherwise(rest);
    made.push(node);
    rest = rest.slice(length);
  }
  return made;
}

function list(tag, text) {
  const items = text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [, spaces, words] = line.match(/^( *)(?:[-*+]|\d+[.)]) (.*)$/);
      const task = words.match(/^\[([ xX])\] (.*)$/);
      const content = task ? [task[1] === " " ? "☐ " : "☑ ", inline(task[2])] : inline(words);
      return h("li", { dir: "auto", style: { "--indent": Math.floor(spaces.length / 2) } }, content);
    });
  return h(tag, { class: "rich-list" }, items);
}

function table(found) {
  const cells = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => cell.trim());
  const [head, , ...rows] = found[0].trim().split("\n").map(cells);
  return h(
    "div",
    { class: "table-frame", tabindex: 0, role: "group", "aria-label": "Table" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((cell) => h("th", { scope: "col" }, inline(cell))),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, inline(cell))),
          ),
        ),
      ),
    ),
  );
}
