/**
 * Who one is, and where one looks. It stands in the address behind the # (`#/PERSON/CHANNEL`), so that a reload or a
 * second window finds it again. `app` is the direct conversation with the app, `home` its Home tab.
 */

export class Session {
  #listeners = new Set();

  constructor(store) {
    this.store = store;
    this.me = null;
    this.place = null;
    this.thread = null; // ts of the message whose replies are open
    this.part = "chat"; // which of the parts a narrow window shows
    store.on("world", () => this.#begin());
    addEventListener("hashchange", () => this.#readAddress() && this.#tell());
  }

  on(listener) {
    this.#listeners.add(listener);
  }

  get person() {
    return this.store.person(this.me);
  }

  get zone() {
    return this.person?.zone || "UTC";
  }

  /** The channel one looks at; nothing while the conversation with the app has no message yet. */
  get channel() {
    return this.isWithApp ? this.store.direct(this.me, this.store.app.user) : this.store.channel(this.place);
  }

  get isWithApp() {
    return this.place === "app" || this.place === "home";
  }

  /** The channels of this person, the app's conversation left out. */
  channels() {
    return this.store.channels.filter(
      ({ members, kind }) => members.includes(this.me) && !(kind === "im" && members.includes(this.store.app.user)),
    );
  }

  become(person) {
    if (person === this.me) return;
    this.#change({ me: person, thread: null });
  }

  goTo(place) {
    const channel = this.store.channel(place);
    const isApp = channel?.kind === "im" && channel.members.includes(this.store.app.user);
    this.#change({ place: isApp ? "app" : place, thread: null, part: "chat" });
  }

  openThread(ts) {
    this.#change({ thread: ts });
  }

  show(part) {
    this.#change({ part });
  }

  #change(changes) {
    Object.assign(this, changes);
    this.#settle();
    history.replaceState(null, "", `#/${this.me}/${this.place}`);
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener(this);
  }

  #begin() {
    this.thread = null;
    this.#readAddress();
    this.#settle();
    this.#tell();
  }

  #readAddress() {
    const found = location.hash.match(/^#\/(\w+)\/(\w+)$/);
    if (found) [, this.me, this.place] = found;
    this.#settle();
    return Boolean(found);
  }

  /** Be somebody who exists, in a place where they are. */
  #settle() {
    const people = this.store.persons.filter(({ is_bot: isBot, deleted }) => !isBot && !deleted);
    if (!people.some(({ id }) => id === this.me)) {
      this.me = (people.find(({ role }) => role === "trainer") ?? people[0])?.id ?? null;
    }
    if (!this.isWithApp && !this.channels().some(({ id }) => id === this.place)) {
      this.place = this.channels().find(({ kind, archived }) => kind !== "im" && !archived)?.id ?? "app";
    }
    if (this.place === "home" && !this.hasHome) this.place = "app";
  }

  get hasHome() {
    return Boolean(this.store.app.home || this.store.homes[this.me]);
  }
}
