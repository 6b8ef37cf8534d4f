/** Faces and names. */

import { h } from "../dom.js";

const HUES = 12;

/** A coloured square with initials; of the name, so the same in the chat and in the classroom. Names stand beside it, so it is not read. */
export function avatar(person, size = "") {
  const made = h(
    "span",
    { class: `avatar ${size}`, "aria-hidden": "true" },
    person?.is_bot ? "✓" : initials(person?.name ?? "?"),
  );
  made.style.setProperty("--hue", person?.is_bot ? 212 : hueOf(person?.name ?? "?"));
  if (person?.is_bot) made.classList.add("bot");
  return made;
}

/** The first letters of the first and last word, or the first of a name without letters. */
export function initials(name) {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? [];
  const letter = (word) => [...word][0].toLocaleUpperCase();
  if (!words.length) return [...name.trim()][0] ?? "?";
  if (!/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u.test(words[0])) return letter(words[0]); // others join their letters
  return words.length > 1 ? letter(words[0]) + letter(words.at(-1)) : letter(words[0]);
}

function hueOf(name) {
  let sum = 7;
  for (const sign of name) sum = (sum * 31 + sign.codePointAt(0)) % 100_003;
  return (sum % HUES) * (360 / HUES) + 10;
}

/** What a conversation is called for this person. */
export function channelName(channel, me, store) {
  if (channel.kind !== "im" && channel.kind !== "mpim") return channel.name;
  const others = channel.members.filter((id) => id !== me).map((id) => store.person(id)?.name ?? id);
  return others.join(", ") || "You";
}
