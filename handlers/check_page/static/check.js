// The page: what is told on the line, shown as one of a few looks.

import { has, locale, look, say } from "./words.js";
import { askHowThingsStand, Line, sayWasThere } from "./wire.js";

const SIGNS = { off: "·", watching: "·", over: "·", confirmed: "✓", late: "✓", disputed: "✓", excused: "✓", missed: "–", gone: "×" };
const THANKED_FOR = 60_000; // ms, then the next question is waited for again
const at = (id) => document.getElementById(id);
const card = document.querySelector("main");

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const time = (instant) => clock.format(new Date(instant));

let stand = null; // as the server last told it
let ahead = 0; // ms that the server's clock is ahead of this machine's
let timer = null;
let asking = null;

const serverNow = () => Date.now() + ahead;

/** Which look the page has, and the times in its words. */
function lookOf({ is_running: isRunning, is_asked: isAsked, question }) {
  if (!isAsked) return [isRunning ? "watching" : "off", {}];
  const idle = isRunning ? "waiting" : "off";
  if (!question) return [idle, {}];
  const { state, is_open: isOpen, at: answeredAt, deadline, ended_at: endedAt, is_disputed: isDisputed } = question;
  if (state === "awaited" || state === "undelivered") return [isOpen ? "asked" : idle, {}];
  if (state === "confirmed") {
    const isFresh = isOpen || serverNow() - Date.parse(answeredAt) < THANKED_FOR;
    return isFresh || !isRunning ? ["confirmed", { time: time(answeredAt) }] : [idle, {}];
  }
  if (state === "late") return ["late", { time: time(answeredAt) }];
  if (state === "missed") return [isDisputed ? "disputed" : "missed", { time: time(deadline ?? endedAt) }];
  return [state === "waived" ? "excused" : isRunning ? idle : "over", {}];
}

function show(name, values = {}) {
  const isNew = card.dataset.look !== name;
  card.dataset.look = name;
  const [headline, detail] = look(name, values);
  if (isNew || at("headline").textContent !== headline) at("headline").textContent = headline;
  at("detail").textContent = detail;
  at("sign").textContent = SIGNS[name] ?? "";
  at("confirm").hidden = name !== "asked";
  at("was-there").hidden = name !== "missed";
  at("countdown").textContent = "";
  at("ring").style.removeProperty("stroke-dashoffset");
  document.title = name === "asked" ? say("title", { course: stand.course }) : (stand?.course ?? "Rollcall");
  if (isNew && name === "asked") navigator.vibrate?.(200);
}

function showStand() {
  at("course").textContent = stand.course;
  at("lesson").textContent = say("lesson", { day: calendar.format(new Date(stand.starts_at)), from: time(stand.starts_at), to: time(stand.ends_at) });
  at("who").textContent = say("who", { name: stand.name });
  show(...lookOf(stand));
  if (card.dataset.look === "asked") countDown();
}

/** Shows how much time is left, second by second; when it is over the server says what that means. */
function countDown() {
  const { asked_at: askedAt, deadline } = stand.question;
  if (!deadline) return;
  const total = Date.parse(deadline) - Date.parse(askedAt ?? stand.now);
  const left = Date.parse(deadline) - serverNow();
  const seconds = Math.max(0, Math.ceil(left / 1000));
  at("countdown").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  at("countdown").setAttribute("aria-label", say("left", { seconds }));
  at("ring").style.strokeDashoffset = String(1000 * (1 - Math.min(1, Math.max(0, left / total))));
  timer = setTimeout(left > 0 ? countDown : refresh, left > 0 ? 250 : 1000);
}

/** Asks once at a time; what is told meanwhile is asked for anew. */
async function refresh() {
  clearTimeout(timer);
  if (asking) {
    asking = "again";
    return;
  }
  asking = "once";
  try {
    stand = (await askHowThingsStand()) ?? leave();
    if (stand) {
      ahead = Date.parse(stand.now) - Date.now();
      showStand();
      if (card.dataset.look === "confirmed" && stand.is_running) timer = setTimeout(refresh, THANKED_FOR);
    }
  } catch {
    timer = setTimeout(refresh, 3000);
  }
  const again = asking === "again";
  asking = null;
  if (again) refresh();
}

function leave() {
  line.close();
  show("gone");
  at("line").hidden = true;
}

function complain(key) {
  at("problem").textContent = has(key) ? say(key) : say("failed");
  at("problem").hidden = false;
}

function hear(_, { message, error }) {
  at("confirm").disabled = false;
  at("problem").hidden = true;
  if (message === "error") complain(error);
  if (message !== "joined" && message !== "left") refresh();
}

function showLine(isUp) {
  at("line").dataset.is = isUp ? "up" : "down";
  at("line").textContent = say(isUp ? "up" : "down");
  at("confirm").disabled = !isUp;
  if (!isUp) refresh();
}

at("confirm").textContent = say("confirm");
at("was-there").textContent = say("wasThere");
at("confirm").addEventListener("click", () => {
  at("confirm").disabled = true;
  line.confirm();
});
at("was-there").addEventListener("click", async () => {
  at("was-there").disabled = true;
  const isTaken = await sayWasThere(stand.question.checkpoint).catch(() => false);
  at("was-there").disabled = false;
  at("problem").hidden = true;
  if (!isTaken) complain("failed");
  refresh();
});
// A telephone that slept has missed the seconds, and perhaps the answer.
document.addEventListener("visibilitychange", () => document.hidden || !stand || refresh());
show("connecting");
const line = new Line({ onFrame: hear, onLine: showLine });
