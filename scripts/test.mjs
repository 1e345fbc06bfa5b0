// `npm test [-- KIND…]`: installs if need be, then runs the tests. Plain JavaScript for any Node from 20 on.
import { fileURLToPath } from "node:url";
import { runOnOwnNode } from "../apps/satchel/bin/own-node.mjs";
import { ensureInstalled } from "./install.mjs";

ensureInstalled();
runOnOwnNode(fileURLToPath(new URL("./test/run.ts", import.meta.url)), process.argv.slice(2));
