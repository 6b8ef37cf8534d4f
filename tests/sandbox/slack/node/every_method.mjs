// Makes the calls of corpus/every_method.json with the official client, unchanged but for its base URL.
// Standard input: {packages, baseUrl, botToken, appToken, steps, known}. Exits with 1 and the error if a call fails.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { packages, baseUrl, botToken, appToken, steps, known } = JSON.parse(readFileSync(0, "utf8"));
const { WebClient } = createRequire(`${packages}/`)("@slack/web-api");
const client = new WebClient(botToken, { slackApiUrl: baseUrl, retryConfig: { retries: 0 } });
const appClient = new WebClient(appToken, { slackApiUrl: baseUrl, retryConfig: { retries: 0 } });

const filled = (value) => {
  if (Array.isArray(value)) return value.map(filled);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)]));
  }
  return typeof value === "string" && value in known ? known[value] : value;
};
const at = (value, path) => path.split(".").reduce((held, key) => held[key], value);

for (const step of steps) {
  if (step.upload) {
    const response = await fetch(known[step.upload], { method: "POST", body: step.content });
    if (!response.ok) throw new Error(`upload: ${response.status}`);
    continue;
  }
  const [family, name] = [step.method.split(".").slice(0, -1).join("."), step.method.split(".").at(-1)];
  const owner = at(step.method === "apps.connections.open" ? appClient : client, family);
  const reply = await owner[name](filled(step.arguments));
  for (const [kept, path] of Object.entries(step.keep ?? {})) known[kept] = at(reply, path);
}

await client.filesUploadV2({
  channel_id: known.$im,
  initial_comment: "Two more",
  file_uploads: [
    { content: "c,d", filename: "märz.csv", title: "März" },
    { file: Buffer.from([0x89, 0x50, 0x4e, 0x47]), filename: "timeline.png", title: "Timeline" },
  ],
});
const pages = [];
for await (const page of client.paginate("users.list", { limit: 2 })) pages.push(page.members.length);
const refused = await client.chat.postMessage({ channel: "nowhere", text: "x" }).catch((error) => error.data.error);
console.log(JSON.stringify({ pages, refused }));
