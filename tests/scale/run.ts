// `npm run scale -- --files 1000000 --folders 1000 --kill` plays one folder with so many files on real processes, and tells what they take.
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { playOneFolder } from "./one-folder.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "100000" },
    folders: { type: "string", default: "1000" },
    idle: { type: "string", default: "60" },
    kill: { type: "boolean", default: false },
    alone: { type: "boolean", default: false },
    delete: { type: "boolean", default: false },
    dir: { type: "string", default: tmpdir() },
  },
});
const started = performance.now();
await playOneFolder({
  files: Number(values.files),
  folders: Number(values.folders),
  idleMs: Number(values.idle) * 1000,
  kills: values.kill,
  isAlone: values.alone,
  deletes: values.delete,
  directory: values.dir,
  onLine: (line) => console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}`),
});
