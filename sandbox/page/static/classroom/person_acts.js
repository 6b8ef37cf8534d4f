/** What somebody can do where they are now: one act to have at hand, the others in a menu. */

import { ask } from "./ask.js";

const DEVICES = ["laptop", "phone", "tablet"];
const PLATFORMS = { zoom: "Zoom", vcaas: "VCaaS" };

/**
 * The acts of one person at one place of a room: `{first, others}`, each act `{label, note?, do(button)}`.
 *
 * `does(verb, more, button)` asks the server for it.
 */
export function actsOf(person, where, room, does) {
  const one = (label, verb, more = {}, note = "") => ({ label, verb, note, do: (button) => does(verb, more, button) });
  const asked = (label, verb, name, question, more = {}) => ({ label, verb, do: async (button) => {
    const said = await ask(question, { start: name === "name" ? "" : room.breakouts[0] ?? "", button: label.replace(/…$/, "") });
    if (said) does(verb, { [name]: said, ...more }, button);
  } });
  const make = { outside, room: inRoom, breakout: inBreakout, lost, waiting, before_host: beforeHost }[where];
  const { first, others } = make(person, room, one, asked);
  return { first, others: others.filter(({ verb }) => !room.lacks.includes(verb)) };
}

function outside(person, room, one, asked) {
  const isHost = person.handle === room.host && !room.is_open;
  return {
    first: isHost ? one("Start", "starts") : one("Join", "joins"),
    others: [
      ...(isHost ? [one("Join as anybody", "joins")] : []),
      one("Join with a phone", "joins", { device: "phone" }),
      one("Join with a tablet", "joins", { device: "tablet" }),
      one("Join as “iPad”", "joins", { device: "tablet", name: "iPad" }),
      asked("Join as…", "joins", "name", "What do they call themselves?"),
      one("Come to the waiting room", "waits"),
      ...(room.is_open ? [] : [one("Wait for the trainer", "waits_for_host"), one("Join before the trainer", "joins_before_host")]),
      one("Dial in by telephone", "dials_in", { number: "+39 055 5550101" }),
    ],
  };
}

function inRoom(person, room, one, asked) {
  const used = person.places.map(({ device }) => device);
  const free = DEVICES.filter((device) => !used.includes(device));
  const inside = person.places.filter(({ where }) => where === "room");
  return {
    first: one("Leave", "leaves"),
    others: [
      ...(inside.length > 1 ? inside.map(({ device }) => one(`Leave with the ${device}`, "leaves", { device })) : []),
      one("Lose the connection", "drops", {}, noticed(room)),
      ...free.slice(0, 2).map((device) => one(`Join with a ${device} too`, "joins", { device })),
      ...(free.includes("tablet") ? [one("Join as “iPad” too", "joins", { device: "tablet", name: "iPad" })] : []),
      ...intoBreakouts(room, room.breakouts, one, asked),
      one("Be put in the waiting room", "is_put_out"),
      asked("Call themselves…", "renames", "name", "What do they call themselves now?"),
      one("Become co-host", "becomes", { role: "co-host" }),
      ...(used.includes("telephone") && used.length > 1 ? [one("Bind telephone and computer", "binds")] : []),
    ],
  };
}

function inBreakout(person, room, one, asked) {
  const here = person.places.find(({ where }) => where === "breakout")?.breakout;
  return {
    first: one("Back", "comes_back"),
    others: [
      ...intoBreakouts(room, room.breakouts.filter((name) => name !== here), one, asked),
      one("Leave", "leaves"),
      one("Lose the connection", "drops", {}, noticed(room)),
    ],
  };
}

function noticed(room) {
  return `${PLATFORMS[room.platform] ?? room.platform} notices after ${room.noticed_after} s`;
}

function intoBreakouts(room, names, one, asked) {
  const next = `Group ${room.breakouts.length + 1}`;
  return [
    ...names.slice(0, 6).map((into) => one(`To ${into}`, "breaks_out", { into })),
    one(`To ${next}`, "breaks_out", { into: next }, "a new breakout room"),
    asked("To a breakout room…", "breaks_out", "into", "Which breakout room?"),
  ];
}

function lost(person, room, one) {
  const { device } = person.places.find(({ where }) => where === "lost") ?? {};
  return { first: one("Return", "reconnects", { device }), others: [one("Join anew", "joins", { device }, "with a new connection")] };
}

function waiting(person, room, one) {
  return {
    first: one("Let in", "is_admitted"),
    others: [
      one("Let in, and the platform never says so", "is_admitted", { joins_after: "never" }),
      one("Go home", "goes_home"),
    ],
  };
}

function beforeHost(person, room, one) {
  return { first: one("Join", "joins_before_host", {}), others: [one("Wait no longer", "gives_up_waiting")] };
}
