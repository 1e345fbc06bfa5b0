// `npm run stack`: a server beyond one machine, on this one, from the system's packages. Everything is new and goes with the program; it is for trying and for tests.
import { once } from "node:events";
import { temporaryDirectory } from "@satchel/testkit";
import { startStack } from "../e2e/support/stack.ts";

await using undo = new AsyncDisposableStack();
const directory = undo.use(await temporaryDirectory("stack"));
console.log("PostgreSQL and a replica, S3, two Redis, 2 api, 2 notify, a worker and HAProxy are starting");
const { url, api, notify, worker, replica, stores } = await startStack(directory.join, undo, {
  drainSeconds: 1,
  withReplica: true,
});
const { name, password } = await api[0].addUser("ann");
console.log(`
Ready at ${url}, with the account ${name} (password: ${password}).
  api     ${api.map((one) => one.url).join(", ")}
  notify  ${notify.map((one) => one.url).join(", ")}
  worker  ${worker.url}
  replica ${replica ?? "none"} (for reads)
  satchel admin … --database ${stores.database} --blobs '${stores.blobs}'
Ctrl-C ends it, and forgets everything.`);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
