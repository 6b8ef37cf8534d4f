/**
 * What the page knows: the world as the server last told it, kept up to date by its changes.
 *
 * `store.on(kind, listener)` hears of each change by its `is` (message, message_gone, person, channel, views, home,
 * file, room, delivery, call, problem, faults, handling, clock, scenario), of `world` when everything is new, of
 * `connection`, and of `frame` once after all changes of one frame.
 */

const KEPT = { deliveries: 300, calls: 200, problems: 100 };

/** Identity of a message: an ephemeral one belongs to its only reader. */
export const messageKey = (message) => `${message.channel} ${message.ts} ${message.seen_by ?? ""}`;

export class Store {
  #listeners = new Map();
  #places = new Map(); // message key → place in messages
  #clockHeardAt = 0;

  constructor() {
    Object.assign(this, {
      kind: null,
      isConnected: false,
      team: { name: "" },
      app: { commands: [] },
      scenario: {},
      scenarios: [],
      clock: null,
      persons: [],
      channels: [],
      groups: [],
      messages: [],
      views: {},
      homes: {},
      files: [],
      rooms: [],
      deliveries: [],
      faults: [],
      calls: [],
      problems: [],
      handling: {},
    });
  }

  /** Hear of a kind of change; returns the function that ends it. */
  on(kind, listener) {
    if (!this.#listeners.has(kind)) this.#listeners.set(kind, new Set());
    this.#listeners.get(kind).add(listener);
    return () => this.#listeners.get(kind).delete(listener);
  }

  /** Take one frame of the server. */
  receive(frame) {
    if (frame.kind === "world") this.#begin(frame);
    else for (const change of frame.changes ?? []) this.#apply(change);
    this.#tell("frame", frame);
  }

  /** Say whether the server is there. */
  connected(isConnected) {
    if (this.isConnected === isConnected) return;
    this.isConnected = isConnected;
    this.#tell("connection", isConnected);
  }

  /** Lesson time as a Date: between two frames it runs on here. */
  now() {
    if (!this.clock) return new Date();
    const passed = this.clock.is_running ? (performance.now() - this.#clockHeardAt) * this.clock.speed : 0;
    return new Date(Date.parse(this.clock.now) + passed);
  }

  person(id) {
    return this.persons.find((person) => person.id === id);
  }

  channel(id) {
    return this.channels.find((channel) => channel.id === id);
  }

  file(id) {
    return this.files.find((file) => file.id === id);
  }

  /** The direct conversation of these two, if there is one. */
  direct(one, other) {
    return this.channels.find(({ kind, members }) => kind === "im" && members.includes(one) && members.includes(other));
  }

  #begin(frame) {
    Object.assign(this, frame);
    this.#clockHeardAt = performance.now();
    this.#index();
    this.#tell("world", this);
  }

  #index() {
    this.#places = new Map(this.messages.map((message, place) => [messageKey(message), place]));
  }

  #apply(change) {
    APPLY[change.is]?.(this, change);
    if (change.is === "message") change.isNew = this.#putMessage(change.message);
    if (change.is === "message_gone") this.#takeMessage(change);
    if (change.is === "clock") this.#clockHeardAt = performance.now();
    this.#tell(change.is, change);
  }

  /** Whether it was not there before. */
  #putMessage(message) {
    const place = this.#places.get(messageKey(message));
    if (place !== undefined) {
      this.messages[place] = message;
      return false;
    }
    this.#places.set(messageKey(message), this.messages.length);
    this.messages.push(message);
    return true;
  }

  #takeMessage(change) {
    const place = this.#places.get(messageKey(change));
    if (place === undefined) return;
    this.messages.splice(place, 1);
    this.#index();
  }

  #tell(kind, told) {
    for (const listener of this.#listeners.get(kind) ?? []) listener(told);
  }
}

function put(list, value) {
  const place = list.findIndex(({ id }) => id === value.id);
  if (place < 0) list.push(value);
  else list[place] = value;
}

function add(store, kind, value, newest = store[kind].length >= KEPT[kind]) {
  if (newest) store[kind].shift();
  store[kind].push(value);
}

function putDelivery(store, delivery) {
  if (store.deliveries.some(({ id }) => id === delivery.id)) put(store.deliveries, delivery);
  else add(store, "deliveries", delivery);
}

const APPLY = {
  person: (store, change) => put(store.persons, change.person),
  channel: (store, change) => put(store.channels, change.channel),
  views: (store, change) => {
    store.views[change.person] = change.views;
  },
  home: (store, change) => {
    store.homes[change.person] = change.view;
  },
  file: (store, change) => put(store.files, change.file),
  file_gone: (store, change) => {
    store.files = store.files.filter((file) => file.id !== change.id);
  },
  room: (store, change) => put(store.rooms, change.room),
  delivery: (store, change) => putDelivery(store, change.delivery),
  call: (store, change) => add(store, "calls", change.call),
  problem: (store, change) => add(store, "problems", change.text),
  faults: (store, change) => {
    store.faults = change.faults;
  },
  handling: (store, change) => {
    store.handling = change.handling;
  },
  clock: (store, change) => {
    store.clock = change.clock;
  },
  scenario: (store, change) => {
    store.scenario = change.scenario;
  },
};
