/** The page: a chat and a classroom beside each other, over one store. */

import { mount as mountChat } from "./chat/chat.js";
import { mount as mountShell } from "./chat/shell.js";
import { Store } from "./store.js";
import { act, follow } from "./wire.js";

const store = new Store();
const shell = mountShell({ store, act });
mountChat(document.getElementById("chat"), { store, act, shell });
mountClassroom(document.getElementById("classroom"));
follow(store);

async function mountClassroom(root) {
  const { mount } = await import("./classroom/panel.js");
  mount(root, { store, act });
}
