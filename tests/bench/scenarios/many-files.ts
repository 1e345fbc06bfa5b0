import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { incompressible, makeTree, tinySizes, type MadeFile } from "../data/generate.ts";
import { bytesShown, filesShown } from "../measure/expectations.ts";
import { startMeter } from "../measure/meter.ts";
import { untilQuiet } from "../measure/until-quiet.ts";
import { untilShown } from "../measure/until-shown.ts";
import { filesToEdit, measureEdits } from "./edits.ts";
import { giveUp, measure, rest, untilEqual, type Session } from "./session.ts";

const ROOT = "many";
const TOP_FOLDERS = 10;
const RESTART_REST_MS = 10_000;

/** s8: a hundred thousand tiny files come; then one is edited, nothing happens for a minute, and all is restarted. */
export async function playManyFiles(session: Session): Promise<void> {
  const files = await add(session);
  const paths = filesToEdit(
    session,
    files.map(({ path }) => path),
    5,
  );
  await measureEdits(session, { scenario: "s8", row: `s8 edit 4 KiB at ${files.length}` }, paths);
  // A system that is told when to run does nothing when it isn't.
  if (session.adapter.propagate === undefined) await idle(session);
  await restart(session, paths[0] as string);
}

async function add(session: Session): Promise<MadeFile[]> {
  const { a, b, staging, options } = session;
  const { manyFolders, manyFilesInEach } = options.scale;
  const shape = { topFolders: TOP_FOLDERS, foldersInEach: manyFolders / TOP_FOLDERS, filesInEach: manyFilesInEach };
  const sizes = tinySizes(manyFolders * manyFilesInEach, "many files");
  const made = makeTree(join(staging, ROOT), { ...shape, sizes, seed: "many files" });
  const files = made.map((file) => ({ ...file, path: `${ROOT}/${file.path}` }));
  await measure(session, {
    scenario: "s8",
    row: `s8 add ${files.length} files`,
    change: () => {
      renameSync(join(staging, ROOT), join(a, ROOT));
      return { kind: "write", path: ROOT };
    },
    shown: filesShown(b, files),
  });
  return files;
}

/** Nothing happens: its time is fixed, and what was used is the result. */
async function idle(session: Session): Promise<void> {
  const { idleMs } = session.options.scale;
  await rest(session);
  const meter = startMeter(() => session.adapter.pids());
  await sleep(idleMs);
  const note = `nothing happens for ${idleMs / 1000} s`;
  session.report({ scenario: "s8", row: "s8 idle" }, { timesMs: [idleMs], usage: meter.stop(), note });
}

/** Everything is stopped, a file is changed, everything starts again: how long until B has the change. */
async function restart(session: Session, path: string): Promise<void> {
  const { a, b, adapter, options } = session;
  const row = { scenario: "s8", row: "s8 cold restart" } as const;
  await rest(session);
  await adapter.stop();
  const bytes = incompressible("restart")(4096);
  writeFileSync(join(a, path), bytes);
  // Counted from before the start: the start is what is measured.
  const meter = startMeter(() => adapter.pids());
  const startedMs = performance.now();
  await adapter.start();
  await adapter.propagate?.({ kind: "write", path });
  const shown = bytesShown(join(b, path), { sizeBytes: bytes.length, offset: 0, bytes });
  const shownMs = await untilShown(shown, startedMs, options.limitMs);
  if (shownMs === undefined) giveUp(session, row, meter);
  await untilQuiet(meter.cpuSeconds, RESTART_REST_MS);
  const usage = meter.stop();
  if ((await untilEqual(session, startedMs)) === undefined) giveUp(session, row, meter);
  session.report(row, { timesMs: [shownMs], usage });
}
