// An app made with the official framework, over HTTP or, with an app token, over Socket Mode.
// Standard input: {packages, baseUrl, botToken, signingSecret, appToken?}. Prints {"port": …} when it is there, and ends
// when its standard input does.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin });
const told = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
const { App, LogLevel } = createRequire(`${told.packages}/`)("@slack/bolt");

const connection = told.appToken
  ? { socketMode: true, appToken: told.appToken }
  : { signingSecret: told.signingSecret, endpoints: "/slack/events" };
const app = new App({
  token: told.botToken,
  clientOptions: { slackApiUrl: told.baseUrl },
  logLevel: LogLevel.ERROR,
  ...connection,
});

const text = (words) => ({ type: "plain_text", text: words });
const why = {
  type: "modal",
  callback_id: "cannot_come",
  title: text("Why?"),
  submit: text("Send"),
  blocks: [
    {
      type: "input",
      block_id: "reason",
      label: text("Reason"),
      element: { type: "plain_text_input", action_id: "why" },
    },
  ],
};

app.command("/lesson", async ({ ack, command, respond }) => {
  await ack(`You typed ${command.text}`);
  await respond("and more");
});
app.action("cannot", async ({ ack, body, client }) => {
  await client.views.open({ trigger_id: body.trigger_id, view: why });
  await ack();
});
app.view("cannot_come", async ({ ack, view }) => {
  const reason = view.state.values.reason.why.value;
  await (reason.length < 3 ? ack({ response_action: "errors", errors: { reason: "Say more" } }) : ack());
});
app.event("app_home_opened", async ({ event, client }) => {
  const blocks = [{ type: "section", text: text("Your lessons") }];
  await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
});

const server = await app.start(0);
console.log(JSON.stringify({ port: server?.address?.().port ?? null }));
lines.on("close", () => process.exit(0));
