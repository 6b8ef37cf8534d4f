/** What nobody has read yet, for every person: one may be any of them, and wants to know who has news. */

export class Unread {
  #held = new Map(); // `person place` → the ts of what is unread there

  constructor(store, session) {
    this.store = store;
    this.session = session;
    store.on("world", () => this.#held.clear());
    store.on("message", ({ message, isNew }) => isNew && this.#arrived(message));
    store.on("message_gone", ({ channel, ts }) => this.#gone(channel, ts));
    session.on(() => this.readHere());
  }

  /** How many messages this person has not read in this channel. */
  count(person, channel) {
    return this.#held.get(`${person} ${channel}`)?.size ?? 0;
  }

  /** How many of them ask for this person: those in direct conversations, and what only they see. */
  personal(person) {
    const place = this.store.direct(person, this.store.app.user)?.id;
    return place ? this.count(person, place) : 0;
  }

  /** Whether anything anywhere waits for this person. */
  hasNews(person) {
    return [...this.#held].some(([key, { size }]) => size && key.startsWith(`${person} `));
  }

  /** What one looks at is read. */
  readHere() {
    const channel = this.session.channel;
    if (channel && this.session.place !== "home") this.#held.delete(`${this.session.me} ${channel.id}`);
  }

  #arrived(message) {
    const channel = this.store.channel(message.channel);
    const isReply = message.thread_ts && message.thread_ts !== message.ts;
    if (!channel || (isReply && channel.kind !== "im")) return;
    const readers = message.seen_by ? [message.seen_by] : channel.members;
    for (const reader of readers) {
      if (reader === message.author || this.store.person(reader)?.is_bot) continue;
      const key = `${reader} ${channel.id}`;
      if (!this.#held.has(key)) this.#held.set(key, new Set());
      this.#held.get(key).add(message.ts);
    }
    this.readHere();
  }

  #gone(channel, ts) {
    for (const [key, held] of this.#held) if (key.endsWith(` ${channel}`)) held.delete(ts);
  }
}
