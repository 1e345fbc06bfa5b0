// `node scripts/run.mjs SCRIPT [ARGUMENT…]`: installs if need be, then runs a TypeScript program of this repository.
// Plain JavaScript for any Node from 20 on, so that every npm script works right after `git clone`.
import { fileURLToPath } from "node:url";
import { runOnOwnNode } from "../apps/satchel/bin/own-node.mjs";
import { ensureInstalled } from "./install.mjs";

const [script, ...scriptArguments] = process.argv.slice(2);
if (script === undefined) throw new Error("which script?");
ensureInstalled();
runOnOwnNode(fileURLToPath(new URL(`../${script}`, import.meta.url)), scriptArguments);
