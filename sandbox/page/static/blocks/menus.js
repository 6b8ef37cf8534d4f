/** The select menus, for one choice and for several, and the overflow menu. */

import { freshId, h, icon } from "../dom.js";
import { avatar } from "../chat/people.js";
import { confirmed } from "./confirm.js";
import { picker, place } from "./picker.js";
import { bareText } from "./text.js";

const SOURCES = {
  static_select: (element) => fromOptions(element),
  external_select: (element, context, query) => context.suggest(element, query),
  users_select: (element, context) => people(context),
  channels_select: (element, context) => channels(context, ({ kind }) => kind === "public"),
  conversations_select: (element, context) => conversations(element, context),
};
const INITIAL = {
  static_select: "initial_option",
  external_select: "initial_option",
  users_select: "initial_user",
  channels_select: "initial_channel",
  conversations_select: "initial_conversation",
};

/** A select menu: what is chosen stands in its button. */
export function selectMenu(element, context, use) {
  const several = element.type.startsWith("multi_");
  const kind = element.type.replace("multi_", "");
  const known = new Map();
  const remembered = (options) => {
    for (const option of options) known.set(option.value, option);
    return options;
  };
  const chosen = () =>
    [use.value() ?? initial(element, kind, several)].flat().filter((value) => value !== null && value !== undefined);
  const options = async (query) => remembered(await SOURCES[kind](element, context, query));
  for (const option of [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean))
    remembered([optionOf(option)]);
  if (kind !== "external_select") remembered(SOURCES[kind](element, context));
  const labelOf = (value) => known.get(value)?.label ?? value;
  return picker({
    label: use.label || bareText(element.placeholder) || "Choose",
    options,
    several,
    key: use.key,
    className: "select",
    isAsked: kind === "external_select",
    isChosen: (value) => chosen().includes(value),
    face: () =>
      chosen().length
        ? [
            h(
              "span",
              { class: "chosen", dir: "auto" },
              several
                ? chosen().map((value) => h("span", { class: "chip", dir: "auto" }, labelOf(value)))
                : labelOf(chosen()[0]),
            ),
            icon("down"),
          ]
        : [h("span", { class: "placeholder", dir: "auto" }, bareText(element.placeholder) || "Choose"), icon("down")],
    onpick: ({ value }) => use.choose(several ? toggled(chosen(), value, element.max_selected_items) : value),
  });
}

function initial(element, kind, several) {
  const held = element[several ? `${INITIAL[kind]}s` : INITIAL[kind]];
  if (!held) return several ? [] : null;
  return [held].flat().map((each) => each.value ?? each);
}

function toggled(values, value, most = Infinity) {
  if (values.includes(value)) return values.filter((held) => held !== value);
  return values.length < most ? [...values, value] : values;
}

/** An option of Slack's as one of a list. */
export const optionOf = (option, group) => ({
  value: option.value,
  label: bareText(option.text),
  note: bareText(option.description),
  url: option.url,
  group,
});

function fromOptions(element) {
  const groups = (element.option_groups ?? []).flatMap((group) =>
    group.options.map((option) => optionOf(option, bareText(group.label))),
  );
  return [...(element.options ?? []).map((option) => optionOf(option)), ...groups];
}

function people({ store }, filter = () => true) {
  return store.persons
    .filter((person) => !person.deleted && filter(person))
    .map((person) => ({
      value: person.id,
      label: person.name,
      note: person.role ?? (person.is_bot ? "app" : ""),
      face: () => avatar(person, "small"),
    }));
}

function channels({ store }, filter) {
  return store.channels
    .filter((channel) => channel.kind !== "im" && !channel.archived && filter(channel))
    .map(({ id, name, kind }) => ({ value: id, label: `#${name}`, note: kind === "private" ? "private" : "" }));
}

function conversations(element, context) {
  const wanted = element.filter?.include ?? ["im", "mpim", "private", "public"];
  const isWanted = (person) => !(element.filter?.exclude_bot_users && person.is_bot);
  return [
    ...channels(context, ({ kind }) => wanted.includes(kind)),
    ...(wanted.includes("im") ? people(context, isWanted) : []),
  ];
}

/** The ⋯ button with its few choices. */
export function overflowMenu(element, context, use) {
  const id = freshId("menu");
  const items = element.options.map((option) =>
    h(
      "button",
      { type: "button", role: "menuitem", tabindex: -1, dir: "auto", onclick: () => chosen(option) },
      bareText(option.text),
      option.description && h("span", { class: "note" }, bareText(option.description)),
    ),
  );
  const menu = h("div", { id, popover: "auto", role: "menu", class: "popover menu", onkeydown: move }, items);
  const button = h(
    "button",
    {
      type: "button",
      class: "button icon-only",
      popovertarget: id,
      "aria-haspopup": "menu",
      "aria-label": use.label || "More actions",
      data: { key: use.key },
    },
    icon("more"),
  );

  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "open") return;
    place(menu, button);
    items[0].focus();
  });

  function move(event) {
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items.at(to % items.length).focus();
  }

  async function chosen(option) {
    menu.hidePopover();
    if (!(await confirmed(element.confirm, context, button))) return;
    if (option.url) context.shell.leads(option.url);
    use.choose(option.value);
  }

  return h("span", { class: "with-menu" }, button, menu);
}
