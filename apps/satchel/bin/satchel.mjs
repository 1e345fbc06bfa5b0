#!/usr/bin/env node
// The `satchel` command of a checkout. Whatever Node starts it, the source runs on one that understands it:
// this very process if it can, since a second process would double the time a short command takes.
import { fileURLToPath } from "node:url";
import { runOnOwnNode, runsTypeScript } from "./own-node.mjs";

const main = new URL("../src/main.ts", import.meta.url);

if (runsTypeScript()) await import(main.href);
else runOnOwnNode(fileURLToPath(main), process.argv.slice(2));
