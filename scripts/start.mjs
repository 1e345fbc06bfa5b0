// `npm start [-- DIR]`: installs if need be, then `satchel up [DIR]`. Plain JavaScript for any Node from 20 on.
import { ensureInstalled } from "./install.mjs";

ensureInstalled();

// npm runs scripts in the checkout; DIR is meant from where the person stood.
const standing = process.env["INIT_CWD"];
if (standing !== undefined) process.chdir(standing);

const launcher = new URL("../apps/satchel/bin/satchel.mjs", import.meta.url);
process.argv.splice(2, 0, "up");
await import(launcher.href);
