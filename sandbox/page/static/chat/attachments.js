/** Attachments, the older way to add to a message: a coloured bar with a title, a text and fields. */

import { showBlocks } from "../blocks/blocks.js";
import { link, mrkdwn } from "../blocks/text.js";
import { h } from "../dom.js";

const NAMED = { good: "var(--good)", warning: "var(--warn)", danger: "var(--bad)" };

/** All attachments of a message. */
export const attachments = (held, context) =>
  h(
    "div",
    { class: "attachments" },
    held.map((each) => attachment(each, context)),
  );

function attachment(held, context) {
  const { color = "" } = held;
  const made = h("div", {
    class: "attachment",
    style: {
      "--bar": NAMED[color] ?? (/^#?[\da-f]{6}$/i.test(color) ? `#${color.replace("#", "")}` : "var(--line-strong)"),
    },
  });
  if (held.blocks?.length) {
    showBlocks(made, held.blocks, context);
    return made;
  }
  const line = (name, className) =>
    held[name] && h("div", { class: className, dir: "auto" }, mrkdwn(held[name], context));
  made.append(
    ...[
      line("pretext", "pretext"),
      line("author_name", "note"),
      held.title && h("strong", { dir: "auto" }, held.title_link ? link(held.title_link, held.title) : held.title),
      line("text", "text") ?? (held.title ? null : line("fallback", "text")),
      held.fields?.length
        ? h(
            "div",
            { class: "fields" },
            held.fields.map(({ title, value }) =>
              h("div", { dir: "auto" }, h("strong", {}, title), h("br"), mrkdwn(value ?? "", context)),
            ),
          )
        : null,
      line("footer", "note"),
    ].filter(Boolean),
  );
  return made;
}
