/** What is typed, ticked or picked from a calendar. Each tells `use.choose` its value as the sandbox takes it. */

import { freshId, h } from "../dom.js";
import { instantOf, localText } from "../chat/times.js";
import { bareText, textObject } from "./text.js";

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };
const MODES = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };

/** A field to type into; Enter or each character acts where the app asked for it. */
export function textInput(element, context, use) {
  const isLong = element.multiline || element.type === "rich_text_input";
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const props = {
    ...named(use),
    dir: "auto",
    placeholder: bareText(element.placeholder) || null,
    maxlength: element.max_length ?? 3000,
    class: "field",
    autocomplete: "off",
    value: use.value() ?? startOf(element),
    autofocus: element.focus_on_load,
    inputmode: MODES[element.type],
    oninput: ({ target }) => use.hold(target.value, when.includes("on_character_entered")),
    onkeydown: (event) => {
      if (event.key !== "Enter" || (isLong && !event.metaKey && !event.ctrlKey)) return;
      event.preventDefault();
      if (use.dispatches && when.includes("on_enter_pressed")) use.hold(event.target.value, true);
      else event.target.closest("dialog")?.querySelector("[data-key=submit]")?.click();
    },
  };
  if (isLong) return h("textarea", { ...props, rows: element.min_lines ?? 4 });
  return h("input", { ...props, type: TYPES[element.type] ?? "text" });
}

function startOf(element) {
  return typeof element.initial_value === "string" ? element.initial_value : "";
}

const named = (use) => ({
  data: { key: use.key },
  id: use.id,
  "aria-label": use.id ? null : use.label,
  "aria-describedby": use.describedBy,
  "aria-invalid": use.isWrong || null,
  "aria-required": use.isRequired || null,
});

const PICKERS = {
  datepicker: { type: "date", start: ({ initial_date }) => initial_date, word: "date" },
  timepicker: { type: "time", start: ({ initial_time }) => initial_time, word: "time" },
};

/** A date or a time of day. */
export function dayOrTime(element, context, use) {
  const { type, start, word } = PICKERS[element.type];
  const zone = element.timezone ? h("span", { class: "zone" }, element.timezone) : null;
  const field = h("input", {
    ...named({ ...use, label: use.label || bareText(element.placeholder) || `Choose a ${word}` }),
    type,
    class: "field",
    value: use.value() ?? start(element) ?? "",
    autofocus: element.focus_on_load,
    onchange: ({ target }) => target.value && use.choose(target.value),
  });
  return zone ? h("span", { class: "with-zone" }, field, zone) : field;
}

/** A date with a time, in the person's own zone; the app gets UNIX seconds. */
export function moment(element, context, use) {
  const seconds = use.value() ?? element.initial_date_time;
  const shown = seconds ? localText(new Date(seconds * 1000), context.zone) : "";
  return h(
    "span",
    { class: "with-zone" },
    h("input", {
      ...named({ ...use, label: use.label || "Choose a date and a time" }),
      type: "datetime-local",
      class: "field",
      value: shown,
      autofocus: element.focus_on_load,
      onchange: ({ target }) => target.value && use.choose(instantOf(target.value, context.zone)),
    }),
    h("span", { class: "zone" }, context.zone),
  );
}

/** Ticks of which several may be set. */
export function checkboxes(element, context, use) {
  const initial = (element.initial_options ?? []).map(({ value }) => value);
  const values = () => use.value() ?? initial;
  return choices(element, context, use, {
    type: "checkbox",
    isChosen: (value) => values().includes(value),
    take: (value, isOn) =>
      use.choose(
        element.options
          .map((option) => option.value)
          .filter((held) => (held === value ? isOn : values().includes(held))),
      ),
  });
}

/** Ticks of which one is set. */
export function radios(element, context, use) {
  const chosen = () => use.value() ?? element.initial_option?.value;
  return choices(element, context, use, {
    type: "radio",
    isChosen: (value) => value === chosen(),
    take: (value) => use.choose(value),
  });
}

function choices(element, context, use, { type, isChosen, take }) {
  const name = freshId("choice");
  const rows = element.options.map((option, place) => {
    const note = option.description && freshId("note");
    return h(
      "label",
      { class: "choice" },
      h("input", {
        type,
        name,
        value: option.value,
        checked: isChosen(option.value),
        "aria-describedby": note,
        data: { key: `${use.key}/${place}` },
        autofocus: element.focus_on_load && !place,
        onchange: ({ target }) => take(option.value, target.checked),
      }),
      h(
        "span",
        { class: "words", dir: "auto" },
        h("span", {}, textObject(option.text, context)),
        note && h("span", { id: note, class: "note" }, textObject(option.description, context)),
      ),
    );
  });
  const role = type === "radio" ? "radiogroup" : "group";
  return h(
    "div",
    {
      role,
      class: "choices",
      id: use.id,
      "aria-label": use.label || "Choose",
      "aria-describedby": use.describedBy,
      "aria-invalid": use.isWrong && type === "radio" ? true : null,
    },
    rows,
  );
}

/** What is wrong with a value before it is sent, as Slack's own client says it; nothing if it may go. */
export function flawOf(element, value, isOptional) {
  const isEmpty = value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);
  if (isEmpty) return isOptional ? null : "Please complete this required field.";
  return FLAWS[element.type]?.(String(value), element) ?? null;
}

const FLAWS = {
  email_text_input: (text) =>
    /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text) ? null : "Enter an email address, for example name@example.com.",
  url_text_input: (text) =>
    /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text) ? null : "Enter an address that begins with https://.",
  plain_text_input: (text, { min_length: least = 0 }) =>
    text.length < least ? `Enter at least ${least} characters.` : null,
  number_input: (text, element) => {
    const number = Number(text);
    if (!text.trim() || !Number.isFinite(number)) return "Enter a number.";
    if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Enter a whole number.";
    if (element.min_value !== undefined && number < Number(element.min_value))
      return `Enter ${element.min_value} or more.`;
    if (element.max_value !== undefined && number > Number(element.max_value))
      return `Enter ${element.max_value} or less.`;
    return null;
  },
};

/** The value an element starts with, in the form in which it is sent. */
export function startValue(element) {
  if (element.initial_option) return element.initial_option.value;
  if (element.initial_options) return element.initial_options.map(({ value }) => value);
  const name = Object.keys(element).find((key) => key.startsWith("initial_"));
  return name ? element[name] : undefined;
}
