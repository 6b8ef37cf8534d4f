/** The classroom beside the chat: lesson time, who is where, what is sent about it, and what goes wrong on purpose. */

import { h } from "../dom.js";
import { Acting } from "./acting.js";
import { Deliveries } from "./deliveries.js";
import { Disturbance } from "./disturbance.js";
import { LessonClock } from "./lesson_clock.js";
import { Rooms } from "./rooms.js";
import { Story } from "./story.js";
import { Tabs } from "./tabs.js";

/** Mount it; it follows the store, and draws what is seen once per frame at most. */
export function mount(root, { store, act }) {
  const acting = new Acting(act);
  const clock = new LessonClock(store, acting);
  const story = new Story(store, acting);
  const rooms = new Rooms(store, acting);
  const deliveries = new Deliveries(store);
  const disturbance = new Disturbance(store, acting);
  const parts = [clock, story, rooms, deliveries, disturbance];
  const tabs = new Tabs("Parts of the classroom", [
    { name: "People", node: rooms.node, count: () => rooms.present },
    { name: "Deliveries", node: deliveries.node, count: () => store.deliveries.length },
    { name: "Disturb", node: disturbance.node, count: () => disturbance.active },
  ], soon);
  const nothing = h("p", { class: "nothing" }, "There is no classroom beside this workspace.");
  root.classList.add("panel");
  root.append(h("h2", { class: "unseen" }, "Classroom"), h("div", { class: "desk" }, clock.node, story.node), acting.node, tabs.node, nothing);

  const stale = new Set(parts);
  let isDue = false;
  for (const part of parts) {
    for (const kind of ["world", ...part.follows]) {
      store.on(kind, () => {
        stale.add(part);
        soon();
      });
    }
  }
  store.on("world", () => acting.clear());
  setInterval(() => clock.tick(), 250);

  function soon() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(draw);
  }

  function draw() {
    isDue = false;
    tabs.node.hidden = !store.rooms.length;
    nothing.hidden = !tabs.node.hidden || store.kind === null;
    for (const part of stale) {
      if (part.node.hidden) continue; // it is drawn when it is seen
      stale.delete(part);
      part.draw();
    }
    tabs.draw();
  }
}
