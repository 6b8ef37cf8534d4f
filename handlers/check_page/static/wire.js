// The line to the server: joins, hands on what it is told, and comes back when the line breaks.

const NAMESPACE = "training_participation_report";
const LONGEST_WAIT = 10_000; // ms
const GOOD_FOR_NOTHING = 401;

const token = location.pathname.split("/").pop();
const besideThis = (path) => new URL(path, location.href).href;

/** What the server knows of this person's questions; null: the link is not good any more. */
export async function askHowThingsStand() {
  const reply = await fetch(`${besideThis(token)}/now`, { cache: "no-store" });
  if (reply.status === GOOD_FOR_NOTHING) return null;
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  return reply.json();
}

/** "I was there": true if it was taken. */
export async function sayWasThere(checkpoint) {
  const reply = await fetch(`${besideThis(token)}/was-there`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ checkpoint }),
  });
  return reply.ok;
}

/** Calls `onFrame(namespace, payload)` for each frame and `onLine(isUp)` when the line comes and goes. */
export class Line {
  #socket = null;
  #wait = 500;
  #timer = null;
  #isWanted = true;

  constructor({ onFrame, onLine }) {
    this.onFrame = onFrame;
    this.onLine = onLine;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    this.#open();
  }

  confirm() {
    this.#send(NAMESPACE, { action: "confirm_presence" });
  }

  close() {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open() {
    clearTimeout(this.#timer);
    const address = besideThis("../signaling").replace(/^http/, "ws");
    const socket = new WebSocket(address, ["opentalk-signaling-json-v1.0", `ticket#${token}`]);
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = 500;
      this.#send("control", { action: "join", display_name: "" });
      this.onLine(true);
    };
    socket.onmessage = ({ data }) => {
      const { namespace, payload } = JSON.parse(data);
      this.onFrame(namespace, payload);
    };
    socket.onclose = () => {
      if (this.#socket !== socket || !this.#isWanted) return;
      this.#socket = null;
      this.onLine(false);
      this.#timer = setTimeout(() => this.#open(), this.#wait * (0.5 + Math.random() / 2));
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    };
  }

  #hurry() {
    if (this.#socket === null && this.#isWanted) this.#open();
  }

  #send(namespace, payload) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ namespace, payload }));
  }
}
