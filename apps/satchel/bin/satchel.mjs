#!/usr/bin/env node
// The `satchel` command of a checkout, whatever Node starts it.
import { fileURLToPath } from "node:url";
import { runSource } from "./own-node.mjs";

await runSource(fileURLToPath(new URL("../src/main.ts", import.meta.url)), process.argv.slice(2));
