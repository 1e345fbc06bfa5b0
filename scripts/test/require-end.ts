import { after } from "node:test";

let hasEnded = false;
after(() => {
  hasEnded = true;
});
// node:test takes a process that ends with 0 for one whose tests all ran: it knows of those alone that were told.
process.on("exit", (code) => {
  if (hasEnded || code !== 0) return;
  process.stderr.write("The process was ended before its tests were through.\n");
  process.exitCode = 1;
});
