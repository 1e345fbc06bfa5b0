// `npm start [-- DIR]`: installs and builds if need be, then `satchel up [DIR]`. Plain JavaScript for any Node from 20 on.
import { fileURLToPath } from "node:url";
import { runSource } from "../apps/satchel/bin/own-node.mjs";
import { ensureWebApp } from "./build-web.mjs";
import { ensureInstalled } from "./install.mjs";

ensureInstalled();
ensureWebApp();

// npm runs scripts in the checkout; DIR is meant from where the person stood.
const standing = process.env["INIT_CWD"];
if (standing !== undefined) process.chdir(standing);

const main = fileURLToPath(new URL("../apps/satchel/src/main.ts", import.meta.url));
await runSource(main, ["up", ...process.argv.slice(2)]);
