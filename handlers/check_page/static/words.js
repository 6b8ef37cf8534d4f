// What the page says, in each of its languages; `{…}` is filled in.

const ENGLISH = {
  connecting: ["Connecting …", ""],
  off: ["Nothing to do yet", "No presence check is running. Keep this page open: when one asks you, a button appears here."],
  waiting: ["A presence check is running", "Sooner or later you are asked whether you are there. Keep this page open."],
  watching: ["A presence check is running", "It asks the students; there is nothing for you to confirm here."],
  asked: ["Are you there?", "Confirm that you are in the lesson."],
  confirmed: ["Thank you", "Your presence was confirmed at {time}."],
  late: ["Noted", "You said at {time} that you were there. That was after the deadline: your trainer decides whether it counts."],
  disputed: ["Noted", "You said that you were there. Your trainer sees it and decides."],
  missed: ["This question is over", "It was open until {time}, and we heard nothing from you."],
  excused: ["All is well", "This question was waived for you."],
  over: ["Nothing to do", "The last question has ended, and nothing is held against you."],
  gone: ["This link is not good any more", "Ask your school for a new one."],
  confirm: "Confirm",
  wasThere: "I was there",
  until: "Until {time}, or until the next question.",
  left: "{seconds} seconds left",
  title: "Confirm! – {course}",
  lesson: "{day}, {from} – {to}",
  who: "You are {name}.",
  up: "Connected",
  down: "No connection. Trying again …",
  failed: "That did not work. Please try again.",
  presence_logging_not_enabled: "No question is open at the moment.",
  presence_logging_not_allowed_for_participant: "This question is not for you, or it is over.",
};

const GERMAN = {
  connecting: ["Verbindung wird aufgebaut …", ""],
  off: ["Noch nichts zu tun", "Es läuft keine Anwesenheitsprüfung. Lassen Sie diese Seite offen: Sobald Sie gefragt werden, erscheint hier ein Knopf."],
  waiting: ["Eine Anwesenheitsprüfung läuft", "Früher oder später werden Sie gefragt, ob Sie da sind. Lassen Sie diese Seite offen."],
  watching: ["Eine Anwesenheitsprüfung läuft", "Gefragt werden die Teilnehmenden; für Sie ist hier nichts zu bestätigen."],
  asked: ["Sind Sie da?", "Bestätigen Sie, dass Sie im Unterricht sind."],
  confirmed: ["Danke", "Ihre Anwesenheit wurde um {time} bestätigt."],
  late: ["Notiert", "Sie haben um {time} gesagt, dass Sie da waren. Das war nach der Frist: Ihre Lehrkraft entscheidet, ob es zählt."],
  disputed: ["Notiert", "Sie haben gesagt, dass Sie da waren. Ihre Lehrkraft sieht es und entscheidet."],
  missed: ["Diese Frage ist vorbei", "Sie war bis {time} offen, und wir haben nichts von Ihnen gehört."],
  excused: ["Alles in Ordnung", "Diese Frage wurde Ihnen erlassen."],
  over: ["Nichts zu tun", "Die letzte Frage ist vorbei, und Ihnen wird nichts angelastet."],
  gone: ["Dieser Link gilt nicht mehr", "Bitten Sie Ihre Schule um einen neuen."],
  confirm: "Bestätigen",
  wasThere: "Ich war da",
  until: "Bis {time} oder bis zur nächsten Frage.",
  left: "noch {seconds} Sekunden",
  title: "Bestätigen! – {course}",
  lesson: "{day}, {from} – {to}",
  who: "Sie sind {name}.",
  up: "Verbunden",
  down: "Keine Verbindung. Neuer Versuch …",
  failed: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
  presence_logging_not_enabled: "Im Moment ist keine Frage offen.",
  presence_logging_not_allowed_for_participant: "Diese Frage ist nicht für Sie, oder sie ist vorbei.",
};

const language = document.documentElement.lang;
/** How dates and times are written: as the reader's own country does it, where it speaks the page's language. */
export const locale = navigator.languages.find((each) => each.split("-")[0] === language) ?? language;
const WORDS = language === "de" ? GERMAN : ENGLISH;

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export const has = (key) => key in WORDS;

export const say = (key, values = {}) => filled(WORDS[key], values);

/** [headline, detail] of one of the page's looks. */
export const look = (key, values = {}) => WORDS[key].map((sentence) => filled(sentence, values));
