/** The line to the server: the live feed of changes, and what people do. Addresses are relative to the page's own. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/** Keep the store up to date, and open the line again whenever it breaks. */
export function follow(store) {
  let wait = FIRST_WAIT;
  const address = new URL("live", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");

  function open() {
    const socket = new WebSocket(address);
    socket.addEventListener("message", ({ data }) => {
      wait = FIRST_WAIT;
      store.receive(JSON.parse(data));
      store.connected(true);
    });
    socket.addEventListener("close", () => {
      store.connected(false);
      setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }
  open();
}

/** Do something as somebody; always resolves, to `{ok, error?, errors?}`. */
export async function act(body) {
  try {
    const reply = await fetch("act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await reply.json();
  } catch {
    return { ok: false, error: "The sandbox does not answer." };
  }
}
