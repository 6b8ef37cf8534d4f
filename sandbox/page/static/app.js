/** The page: a chat and a classroom beside each other, over one store. */

import { mount as mountChat } from "./chat/chat.js";
import { Session } from "./chat/session.js";
import { mount as mountShell } from "./chat/shell.js";
import { Unread } from "./chat/unread.js";
import { mount as mountClassroom } from "./classroom/panel.js";
import { Store } from "./store.js";
import { act, follow } from "./wire.js";

const store = new Store();
const session = new Session(store);
const unread = new Unread(store, session);
const shell = mountShell({ store, act, session, unread });
mountChat(document.getElementById("chat"), { store, act, session, unread, shell });
follow(store);
mountClassroom(document.getElementById("classroom"), { store, act });
