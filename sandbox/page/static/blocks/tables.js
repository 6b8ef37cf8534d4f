/** table and data_table: the second sorts by its columns and has pages. */

import { h, icon } from "../dom.js";
import { richText, richTextWords } from "./rich_text.js";

const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const shown = (cell, context) => (cell.type === "rich_text" ? richText(cell, context) : cell.text);
const words = (cell) => (cell.type === "rich_text" ? richTextWords(cell) : cell.text);

/** A plain table; its first row is the head. */
export function table(block, context) {
  const [head, ...rows] = block.rows;
  const looks = (place) => {
    const setting = block.column_settings?.[place];
    return {
      style: setting?.align ? { "text-align": setting.align } : {},
      class: setting?.is_wrapped ? "wraps" : null,
    };
  };
  const cells = (row, tag, props = {}) =>
    h(
      "tr",
      {},
      row.map((cell, place) => h(tag, { ...looks(place), ...props, dir: "auto" }, shown(cell, context))),
    );
  return frame(
    "Table",
    h(
      "table",
      {},
      h("thead", {}, cells(head, "th", { scope: "col" })),
      h(
        "tbody",
        {},
        rows.map((row) => cells(row, "td")),
      ),
    ),
  );
}

/** A table with a caption that people sort and page through; where they are is kept in `context.kept`. */
export function dataTable(block, context) {
  const kept = context.kept(block, () => ({ column: null, isDown: false, page: 0 }));
  const size = block.page_size ?? 25;
  const [head, ...all] = block.rows;
  const isNumber = head.map((_, place) => all.some((row) => row[place].type === "raw_number"));
  const headerColumn = block.row_header_column_index ?? 0;
  const body = h("tbody");
  const pager = h("div", { class: "pager" });
  const heads = head.map((cell, place) =>
    h(
      "th",
      { scope: "col", class: isNumber[place] ? "number" : null },
      h(
        "button",
        { type: "button", data: { key: `sort/${place}` }, onclick: () => sortBy(place) },
        h("span", { dir: "auto" }, words(cell)),
        icon("sort"),
      ),
    ),
  );

  function sortBy(column) {
    Object.assign(kept, kept.column === column ? { isDown: !kept.isDown } : { column, isDown: false }, { page: 0 });
    show();
  }

  function show() {
    const pages = Math.max(1, Math.ceil(all.length / size));
    kept.page = Math.min(kept.page, pages - 1);
    const rows = ordered(all, kept).slice(kept.page * size, (kept.page + 1) * size);
    heads.forEach((cell, place) => {
      if (place === kept.column) cell.setAttribute("aria-sort", kept.isDown ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    body.replaceChildren(
      ...rows.map((row) =>
        h(
          "tr",
          {},
          row.map((cell, place) =>
            place === headerColumn
              ? h("th", { scope: "row", dir: "auto" }, shown(cell, context))
              : h("td", { dir: "auto", class: isNumber[place] ? "number" : null }, shown(cell, context)),
          ),
        ),
      ),
    );
    pager.replaceChildren(...(pages > 1 ? pagerOf(pages) : []));
  }

  function pagerOf(pages) {
    const turn = (by) => () => {
      kept.page += by;
      show();
      pager.querySelector(by > 0 ? ".next:enabled, .previous" : ".previous:enabled, .next").focus();
    };
    const first = kept.page * size + 1;
    return [
      h(
        "button",
        { type: "button", class: "button small previous", disabled: !kept.page, onclick: turn(-1) },
        "Previous",
      ),
      h("span", { role: "status" }, `${first}–${Math.min(all.length, first + size - 1)} of ${all.length}`),
      h(
        "button",
        { type: "button", class: "button small next", disabled: kept.page === pages - 1, onclick: turn(1) },
        "Next",
      ),
    ];
  }

  show();
  const made = h("table", {}, h("caption", { dir: "auto" }, block.caption), h("thead", {}, h("tr", {}, heads)), body);
  return h("div", { class: "data-table" }, frame(block.caption, made), pager);
}

function ordered(rows, { column, isDown }) {
  if (column === null) return rows;
  const value = (row) => row[column].value ?? words(row[column]);
  const sign = isDown ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [left, right] = [value(one), value(other)];
    return (
      sign * (typeof left === "number" && typeof right === "number" ? left - right : COLLATOR.compare(left, right))
    );
  });
}

/** Wide tables scroll for themselves, by keyboard too. */
const frame = (label, made) =>
  h("div", { class: "table-frame", role: "group", "aria-label": label, tabindex: 0 }, made);
