/** Block Kit: every block that the judge knows, as it looks in Slack; what is unknown is shown as unknown. */

import { arrange, freshId, h } from "../dom.js";
import { alert, card, carousel, container, plan, task, video } from "./cards.js";
import { chart } from "./charts.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { picture } from "./pictures.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./tables.js";
import { bareText, textObject } from "./text.js";

const BLOCKS = {
  section,
  header: (block) =>
    h(
      "div",
      { class: "header", role: "heading", "aria-level": (block.level ?? 1) + 2, dir: "auto" },
      bareText(block.text),
    ),
  divider: () => h("hr"),
  context: (block, context) =>
    h(
      "div",
      { class: "context" },
      block.elements.map((held) =>
        held.type === "image" ? picture(held, context, "small") : h("span", { dir: "auto" }, textObject(held, context)),
      ),
    ),
  actions: (block, context) =>
    h(
      "div",
      { class: "row actions" },
      block.elements.map((held) => element(block, held, context)),
    ),
  context_actions: (block, context) =>
    h(
      "div",
      { class: "row" },
      block.elements.map((held) => element(block, held, context)),
    ),
  image: (block, context) =>
    h(
      "figure",
      { class: "image" },
      block.title && h("figcaption", { dir: "auto" }, bareText(block.title)),
      picture(block, context),
    ),
  input,
  file: (block) => h("div", { class: "note" }, `File ${block.external_id}`),
  markdown: (block) => markdown(block.text),
  rich_text: richText,
  table,
  data_table: dataTable,
  data_visualization: chart,
  alert,
  card,
  carousel,
  container: (block, context) => container(block, context, render),
  task_card: task,
  plan,
  video,
};

function render(block, context) {
  const made = BLOCKS[block.type]?.(block, context) ?? unknown(block);
  made.classList.add("block", `block-${block.type}`);
  return made;
}

function unknown(block) {
  return h(
    "div",
    { class: "unknown" },
    h("strong", {}, `Unknown block: ${block.type}`),
    h("pre", { tabindex: 0 }, JSON.stringify(block, null, 1)),
  );
}

function section(block, context) {
  const accessory = block.accessory && h("div", { class: "accessory" }, element(block, block.accessory, context));
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "words" },
      block.text && h("div", { class: "text", dir: "auto" }, textObject(block.text, context)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((held) => h("div", { dir: "auto" }, textObject(held, context))),
        ),
    ),
    accessory,
  );
}

function input(block, context) {
  const id = freshId("input");
  const [hint, wrong] = [block.hint && freshId("hint"), context.error(block.block_id) && freshId("error")];
  const label = bareText(block.label);
  const field = {
    id,
    label,
    isRequired: !block.optional,
    dispatches: Boolean(block.dispatch_action),
    isWrong: Boolean(wrong),
    describedBy: [wrong, hint].filter(Boolean).join(" ") || null,
  };
  const isGroup = /select|radio|checkboxes|file/.test(block.element.type);
  const words = [label, block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  return h(
    "div",
    { class: wrong ? "input wrong" : "input" },
    isGroup
      ? h("div", { class: "label", dir: "auto" }, words)
      : h("label", { class: "label", for: id, dir: "auto" }, words),
    element(block, block.element, context, field),
    wrong && h("p", { id: wrong, class: "error", role: "alert", dir: "auto" }, context.error(block.block_id)),
    hint && h("p", { id: hint, class: "hint", dir: "auto" }, bareText(block.hint)),
  );
}

const held = new WeakMap(); // container → what stands in it: `{where, json, block, node}` in order

/**
 * Show these blocks in a container. Those that did not change stay as they are, with focus, caret and all, even if
 * Slack gave them new ids; a new one in a message is marked for a moment, and gets the focus of the one it replaces.
 */
export function showBlocks(root, blocks, context) {
  const before = held.get(root) ?? [];
  const isEdit = context.surface === "message" && before.some(({ where }) => where === context.where);
  const left = new Set(before.filter(({ where }) => where === context.where));
  const focus = focusIn(root);
  const now = blocks.map((block) => {
    const json = JSON.stringify([{ ...block, block_id: null }, context.error(block.block_id)]);
    const same = [...left].filter((entry) => entry.json === json);
    const old = same.find((entry) => entry.block.block_id === block.block_id) ?? same[0];
    if (!old) return { where: context.where, json, block, node: guarded(block, context) };
    left.delete(old);
    old.block.block_id = block.block_id; // what is pressed in it is told under the new one
    return old;
  });
  if (isEdit) for (const entry of now) if (!before.includes(entry)) entry.node.classList.add("fresh");
  held.set(root, now);
  arrange(
    root,
    now.map(({ node }) => node),
  );
  restore(root, focus);
}

/** A block that cannot be drawn must not take the page with it. */
function guarded(block, context) {
  try {
    return render(block, context);
  } catch (problem) {
    console.error(problem);
    return unknown(block);
  }
}

function focusIn(root) {
  const active = document.activeElement;
  if (!root.contains(active) || active === root) return null;
  const { selectionStart, selectionEnd } = active;
  return { key: active.dataset.key, node: active, selectionStart, selectionEnd };
}

function restore(root, focus) {
  if (!focus || focus.node.isConnected) return;
  const again = focus.key && [...root.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === focus.key);
  (again || root.closest("[tabindex='-1'], dialog"))?.focus({ preventScroll: true });
  if (again && focus.selectionStart !== undefined && focus.selectionStart !== null) {
    again.setSelectionRange(focus.selectionStart, focus.selectionEnd);
  }
}
