/** The elements of Block Kit: what is pressed, chosen and typed, and the pictures between texts. */

import { h, icon } from "../dom.js";
import { confirmed } from "./confirm.js";
import { checkboxes, dayOrTime, moment, radios, textInput } from "./inputs.js";
import { overflowMenu, selectMenu } from "./menus.js";
import { picture } from "./pictures.js";
import { bareText } from "./text.js";

const MENUS = ["static_select", "external_select", "users_select", "channels_select", "conversations_select"];

const ELEMENTS = {
  button,
  workflow_button: button,
  image: (element, context) => picture(element, context, "accessory"),
  overflow: overflowMenu,
  datepicker: dayOrTime,
  timepicker: dayOrTime,
  datetimepicker: moment,
  checkboxes,
  radio_buttons: radios,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: textInput,
  file_input: () => h("p", { class: "note" }, "Files cannot be uploaded in the sandbox."),
  icon_button: iconButton,
  feedback_buttons: feedback,
  ...Object.fromEntries(
    MENUS.flatMap((kind) => [
      [kind, selectMenu],
      [`multi_${kind}`, selectMenu],
    ]),
  ),
};

/**
 * An element of this block. `field` holds what an input block adds: the id its label points to, whether it is
 * required, what describes it; inside an input block nothing is sent until the view is, unless it dispatches.
 */
export function element(block, held, context, field = null) {
  const make = ELEMENTS[held.type];
  if (!make) return h("span", { class: "unknown" }, `unknown element: ${held.type}`);
  return make(held, context, useOf(block, held, context, field));
}

function useOf(block, held, context, field) {
  const key = held.action_id; // not the block's id, which changes with an edit
  const perform = async (value) => {
    if (await confirmed(held.confirm, context)) await context.perform(block, held, value);
  };
  const isSent = !field || field.dispatches;
  return {
    key,
    ...field,
    value: () => context.value(block, held),
    /** A choice, which acts at once outside of input blocks. */
    choose: (value) => {
      context.hold(block, held, value);
      if (isSent) perform(value);
    },
    /** Something half typed, which acts only when it should. */
    hold: (value, isDone) => {
      context.hold(block, held, value);
      if (isDone && isSent) perform(value);
    },
    press: perform,
    /** A button's press, after its own question. */
    send: () => context.perform(block, held),
  };
}

function button(held, context, use) {
  const text = bareText(held.text);
  const label = held.accessibility_label && held.accessibility_label !== text ? held.accessibility_label : null;
  const made = h(
    "button",
    {
      type: "button",
      class: `button ${held.style ?? ""}`,
      "aria-label": label,
      dir: "auto",
      data: { key: `${use.key}/${held.value ?? ""}` },
      onclick: async () => {
        if (made.ariaBusy === "true" || !(await confirmed(held.confirm, context, made))) return;
        made.ariaBusy = "true";
        await use.send();
        made.ariaBusy = "false";
      },
    },
    text,
  );
  return made;
}

function iconButton(held, context, use) {
  if (held.visible_to_user_ids && !held.visible_to_user_ids.includes(context.me)) return null;
  const text = bareText(held.text);
  return h(
    "button",
    {
      type: "button",
      class: "button small",
      "aria-label": held.accessibility_label ?? text,
      data: { key: use.key },
      onclick: async () => (await confirmed(held.confirm, context)) && use.send(),
    },
    held.icon === "trash" ? icon("close") : null,
    text,
  );
}

function feedback(held, context, use) {
  const one = (name, sign) =>
    h(
      "button",
      {
        type: "button",
        class: "button small",
        "aria-label": held[name].accessibility_label,
        data: { key: `${use.key}/${name}` },
        onclick: () => use.press(held[name].value),
      },
      `${sign} ${bareText(held[name].text)}`,
    );
  return h("span", { class: "row" }, one("positive_button", "👍"), one("negative_button", "👎"));
}
