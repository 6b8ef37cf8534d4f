/** Instants in somebody's zone. All formatting goes through here, so that nothing shows the machine's own zone. */

const formats = new Map();

function format(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: known(zone), ...options }));
  return formats.get(key);
}

const zones = new Map();

/** The zone itself, or UTC where the browser does not know it. */
function known(zone) {
  if (!zones.has(zone)) {
    try {
      new Intl.DateTimeFormat("en-GB", { timeZone: zone });
      zones.set(zone, zone);
    } catch {
      zones.set(zone, "UTC");
    }
  }
  return zones.get(zone);
}

/** 18:07 */
export const clockTime = (at, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(at);

/** 18:07:31 */
export const clockSeconds = (at, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);

/** Monday, 23 November 2026 18:07 */
export const wholeMoment = (at, zone) => `${format(zone, { dateStyle: "full" }).format(at)} ${clockTime(at, zone)}`;

/** 2026-11-23 */
export function dayOf(at, zone) {
  const { year, month, day } = parts(at, zone);
  return `${year}-${month}-${day}`;
}

/** 2026-11-23T18:07, as an input for date and time wants it. */
export const localText = (at, zone) => `${dayOf(at, zone)}T${clockTime(at, zone)}`;

/** The instant of a local date and time (`2026-11-23T18:07`) in this zone, in UNIX seconds. */
export function instantOf(local, zone) {
  const wanted = Date.parse(`${local}Z`);
  let at = wanted;
  for (let round = 0; round < 3; round += 1) at += wanted - Date.parse(`${localText(new Date(at), zone)}Z`);
  return Math.floor(at / 1000);
}

/** How people call the day: Today, Yesterday, or its date. */
export function dayInWords(at, zone, now) {
  const day = dayOf(at, zone);
  if (day === dayOf(now, zone)) return "Today";
  if (day === dayOf(new Date(now - 86_400_000), zone)) return "Yesterday";
  if (day === dayOf(new Date(+now + 86_400_000), zone)) return "Tomorrow";
  return format(zone, { weekday: "long", day: "numeric", month: "long" }).format(at);
}

function parts(at, zone) {
  const made = format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  return Object.fromEntries(made.map(({ type, value }) => [type, value]));
}

const ordinal = (day) => `${day}${{ 1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st" }[day] ?? "th"}`;

function americanDate(at, zone, options, hasOrdinal) {
  const held = Object.fromEntries(
    format(zone, { month: "long", day: "numeric", year: "numeric", ...options })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = hasOrdinal ? ordinal(Number(held.day)) : held.day;
  return `${held.weekday ? `${held.weekday}, ` : ""}${held.month} ${day}, ${held.year}`;
}

function pretty(at, zone, now, otherwise) {
  const word = dayInWords(at, zone, now);
  return ["Today", "Yesterday", "Tomorrow"].includes(word) ? word.toLowerCase() : otherwise;
}

function ago(at, now) {
  const seconds = Math.round((at - now) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ]) {
    if (Math.abs(seconds) >= length) return words.format(Math.round(seconds / length), unit);
  }
  return words.format(seconds, "second");
}

/** A date as Slack writes `<!date^…>`: its tokens replaced in the reader's zone. */
export function slackDate(seconds, pattern, zone, now) {
  const at = new Date(seconds * 1000);
  const long = () => americanDate(at, zone, { weekday: "long" }, true);
  const plain = () => americanDate(at, zone, {}, true);
  const short = () => americanDate(at, zone, { month: "short" }, false);
  const tokens = {
    date_num: () => dayOf(at, zone),
    date_slash: () => dayOf(at, zone).replaceAll("-", "/"),
    date: plain,
    date_pretty: () => pretty(at, zone, now, plain()),
    date_short: short,
    date_short_pretty: () => pretty(at, zone, now, short()),
    date_long: long,
    date_long_full: long,
    date_long_pretty: () => pretty(at, zone, now, long()),
    day_divider_pretty: () => dayInWords(at, zone, now),
    time: () => clockTime(at, zone),
    time_secs: () => clockSeconds(at, zone),
    ago: () => ago(at, now),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => tokens[name]?.() ?? whole);
}
