/** What stands around chat and classroom: the bar above, the tabs of a narrow window, short notices. */

import { picker } from "../blocks/picker.js";
import { freshId, h, icon } from "../dom.js";
import { avatar } from "./people.js";
import { clockTime } from "./times.js";

const PARTS = [
  ["channels", "Channels", "hash"],
  ["chat", "Chat", "thread"],
  ["classroom", "Classroom", "people"],
];
const SHOWN_FOR = 7000;

/** Build it; returns how others speak through it: `say`, `leads`, `announce`. */
export function mount({ store, act, session, unread }) {
  const root = document.documentElement;
  const shell = { say, leads, announce };
  const title = h("span", { class: "scenario", dir: "auto" });
  const time = h("span", { class: "lesson-time" });
  const offline = h("span", { class: "offline", role: "status" });
  const workspace = h("strong", { class: "workspace", dir: "auto" });
  const people = switcher();
  const scheme = schemeSwitch();
  const panel = h(
    "button",
    {
      type: "button",
      class: "tool panel-switch",
      "aria-controls": "classroom",
      onclick: () => togglePanel(root.dataset.panel === "shut"),
    },
    icon("panel"),
    h("span", { class: "words" }, "Classroom"),
  );

  document
    .getElementById("top")
    .append(
      h("div", { class: "brand" }, h("img", { src: "static/icon.svg", alt: "", width: 24, height: 24 }), workspace),
      h("div", { class: "now" }, title, time, offline),
      h("div", { class: "tools" }, people, scheme, panel),
    );
  document
    .getElementById("tabs")
    .append(
      ...PARTS.map(([part, label, sign]) =>
        h("button", { type: "button", data: { part }, onclick: () => session.show(part) }, icon(sign), label),
      ),
    );
  togglePanel(localStorage.getItem("panel") !== "shut");

  session.on(show);
  store.on("frame", show);
  store.on("connection", (isThere) => {
    offline.textContent = isThere ? "" : "Not connected; trying again…";
  });
  setInterval(showTime, 500);
  return shell;

  function show() {
    workspace.textContent = store.team.name;
    title.textContent = store.scenario?.title ?? "";
    people.refresh();
    root.dataset.part = session.part;
    for (const tab of document.querySelectorAll("#tabs button")) {
      tab.classList.toggle("news", tab.dataset.part === "channels" && unread.hasNews(session.me));
      if (tab.dataset.part === session.part) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    showTime();
  }

  function showTime() {
    const shown = store.clock ? clockTime(store.now(), session.zone) : "";
    if (time.textContent !== shown) time.textContent = shown;
    time.title = `Lesson time in ${session.zone}`;
  }

  /** The menu in which one chooses who to be. */
  function switcher() {
    return picker({
      label: "You are",
      className: "who",
      isChosen: (id) => id === session.me,
      options: () =>
        store.persons
          .filter(({ is_bot: isBot, deleted }) => !isBot && !deleted)
          .map((person) => ({
            value: person.id,
            label: person.name,
            note: [person.role, person.zone].filter(Boolean).join(" · "),
            face: () => avatar(person, "small"),
            badge: unread.personal(person.id) || null,
          })),
      face: () => [
        avatar(session.person, "small"),
        h("span", { class: "name", dir: "auto" }, session.person?.name ?? "…"),
        icon("down"),
      ],
      onpick: ({ value }) => session.become(value),
    });
  }

  function schemeSwitch() {
    const isDark = () =>
      (root.dataset.scheme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const kept = localStorage.getItem("scheme");
    if (kept) root.dataset.scheme = kept;
    const button = h("button", {
      type: "button",
      class: "tool",
      onclick: () => {
        root.dataset.scheme = isDark() ? "light" : "dark";
        localStorage.setItem("scheme", root.dataset.scheme);
        look();
      },
    });
    const look = () => {
      button.replaceChildren(icon(isDark() ? "sun" : "moon"));
      button.title = isDark() ? "Light colours" : "Dark colours";
      button.setAttribute("aria-label", button.title);
    };
    look();
    return button;
  }

  function togglePanel(isOpen) {
    root.dataset.panel = isOpen ? "open" : "shut";
    localStorage.setItem("panel", root.dataset.panel);
    panel.setAttribute("aria-expanded", String(isOpen));
    panel.title = isOpen ? "Hide the classroom" : "Show the classroom";
  }

  /** A short notice above everything; `more` is a button in it. */
  function say(text, kind = "", more = null) {
    const region = document.getElementById("said");
    const notice = h(
      "div",
      { class: `notice ${kind}`, id: freshId("notice"), dir: "auto" },
      h("span", {}, text),
      more,
      h(
        "button",
        { type: "button", class: "tool", "aria-label": "Dismiss", onclick: () => notice.remove() },
        icon("close"),
      ),
    );
    if (region.matches(":popover-open")) region.hidePopover();
    region.append(notice);
    region.showPopover(); // above an open dialog too
    setTimeout(
      () => {
        notice.remove();
        if (!region.children.length && region.matches(":popover-open")) region.hidePopover();
      },
      SHOWN_FOR * (more ? 2 : 1),
    );
  }

  /** A button would lead out of Slack: say where; into a classroom of ours one may go. */
  function leads(url) {
    const room = store.rooms.find(({ id }) => url.includes(id));
    const participant = room?.persons.find(({ name }) => name === session.person?.name);
    if (!participant) {
      say(`In Slack this opens ${url}`);
      return;
    }
    const enter = h(
      "button",
      {
        type: "button",
        class: "button small",
        onclick: async (event) => {
          event.target.closest(".notice").remove();
          const reply = await act({ act: "room", room: room.id, verb: "joins", who: [participant.handle] });
          if (!reply.ok) say(reply.error, "bad");
        },
      },
      "Enter the classroom",
    );
    say(`In Slack this opens ${url}`, "", enter);
  }

  /** Tell a screen reader, politely. */
  function announce(text) {
    document.getElementById("heard").textContent = text;
  }
}
