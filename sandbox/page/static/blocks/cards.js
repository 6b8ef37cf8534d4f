/** The blocks that hold others or stand out: alert, card, carousel, container, tasks, plan, video. */

import { h, icon } from "../dom.js";
import { element } from "./elements.js";
import { picture } from "./pictures.js";
import { richText } from "./rich_text.js";
import { bareText, lines, link, textObject } from "./text.js";

const LEVELS = { default: "Note", info: "Information", warning: "Warning", error: "Error", success: "Success" };
const STATUS = { pending: "Pending", in_progress: "In progress", complete: "Complete", error: "Error" };

/** A line that stands out; its level is told in words too. */
export function alert(block, context) {
  const level = block.level ?? "default";
  return h(
    "div",
    { class: `alert ${level}`, dir: "auto" },
    icon(level === "success" ? "check" : "info"),
    h("span", { class: "unseen" }, `${LEVELS[level] ?? level}: `),
    h("div", {}, textObject(block.text, context)),
  );
}

/** A card: picture, title, text and up to three buttons. */
export function card(block, context) {
  const line = (name) => block[name] && h("div", { class: name, dir: "auto" }, textObject(block[name], context));
  return h(
    "article",
    { class: "card" },
    block.hero_image && picture(block.hero_image, context, "hero"),
    h(
      "div",
      { class: "card-head" },
      block.icon && picture(block.icon, context, "small"),
      h("div", {}, line("title"), line("subtitle")),
    ),
    line("body"),
    line("subtext"),
    block.actions?.length
      ? h(
          "div",
          { class: "row" },
          block.actions.map((held) => element(block, held, context)),
        )
      : null,
  );
}

/** Cards beside each other. */
export function carousel(block, context) {
  return h(
    "div",
    { class: "carousel", role: "group", "aria-label": "Cards", tabindex: 0 },
    block.elements.map((held) => card(held, context)),
  );
}

/** Blocks in a frame of their own, which may fold. */
export function container(block, context, render) {
  const title = [
    block.icon && picture(block.icon, context, "small"),
    h(
      "span",
      { class: "title", dir: "auto" },
      block.rich_text_title ? richText(block.rich_text_title, context) : bareText(block.title),
    ),
    block.subtitle && h("span", { class: "subtitle", dir: "auto" }, textObject(block.subtitle, context)),
  ];
  const body = h(
    "div",
    { class: "container-body" },
    block.child_blocks.map((child) => render(child, context)),
  );
  const className = `container ${block.width ?? "standard"}`;
  if (!block.is_collapsible)
    return h("section", { class: className }, h("div", { class: "container-head" }, title), body);
  const kept = context.kept(block, () => ({ isOpen: !block.default_collapsed }));
  return h(
    "details",
    {
      class: className,
      open: kept.isOpen,
      ontoggle: ({ target }) => {
        kept.isOpen = target.open;
      },
    },
    h("summary", { class: "container-head", data: { key: "fold" } }, title),
    body,
  );
}

/** One step of a plan, with how it stands in words. */
export function task(block, context) {
  return h(
    "div",
    { class: `task ${block.status}` },
    h(
      "div",
      {},
      h("strong", { dir: "auto" }, block.title),
      h("span", { class: "state" }, STATUS[block.status] ?? block.status),
    ),
    block.details && richText(block.details, context),
    block.output && richText(block.output, context),
    block.sources?.length
      ? h(
          "ul",
          { class: "rich-list" },
          block.sources.map(({ url, text }) => h("li", {}, link(url, text))),
        )
      : null,
  );
}

/** Steps beneath each other. */
export function plan(block, context) {
  return h(
    "section",
    { class: "plan" },
    h("strong", { dir: "auto" }, block.title),
    (block.tasks ?? []).map((held) => task(held, context)),
  );
}

/** A film, which is only linked: nothing from outside runs here. */
export function video(block) {
  return h(
    "div",
    { class: "card" },
    h("strong", { dir: "auto" }, link(block.title_url ?? block.video_url, bareText(block.title))),
    block.description && h("div", { dir: "auto" }, lines(bareText(block.description))),
    h("div", { class: "note" }, [block.provider_name, block.author_name].filter(Boolean).join(" · ") || block.alt_text),
  );
}
