import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTree, tinySizes } from "../data/generate.ts";
import { filesShown } from "../measure/expectations.ts";
import { startMeter } from "../measure/meter.ts";
import { untilQuiet } from "../measure/until-quiet.ts";
import { untilShown } from "../measure/until-shown.ts";
import { giveUp, rest, untilEqual, type Session } from "./session.ts";

const ROOT = "many";
const TOP_FOLDERS = 10;
const NEW_FILE = { path: "only-in-a.txt", sizeBytes: 4 };

/**
 * s8: while nothing runs, both folders come to hold the same hundred thousand files, and A one more. Then all starts, and has to find out that next to nothing is to be carried.
 * The time is that of the rest which follows: what B shows first says little about the others.
 */
export async function playJoin(session: Session): Promise<void> {
  const { a, b, adapter, options } = session;
  await rest(session);
  await adapter.stop();
  const count = fill(session);
  const row = { scenario: "s8", row: `s8 join, both have ${count}` } as const;
  writeFileSync(join(a, NEW_FILE.path), "new\n");
  const meter = startMeter(() => adapter.pids());
  const startedMs = performance.now();
  await adapter.start();
  await adapter.propagate?.({ kind: "write", path: "" });
  const shownMs = await untilShown(filesShown(b, [NEW_FILE]), startedMs, options.limitMs);
  if (shownMs === undefined) giveUp(session, row, meter);
  const restedMs = (await untilQuiet(meter.cpuSeconds, options.limitMs)) - startedMs;
  const usage = meter.stop();
  if ((await untilEqual(session, startedMs)) === undefined) giveUp(session, row, meter);
  const time = adapter.propagate === undefined ? Math.max(shownMs, restedMs) : shownMs;
  session.report(row, { timesMs: [time], usage, note: `B had the new file after ${Math.round(shownMs)} ms` });
}

/** Answers how many files there are. */
function fill({ a, b, options }: Session): number {
  const { manyFolders, manyFilesInEach } = options.scale;
  const shape = { topFolders: TOP_FOLDERS, foldersInEach: manyFolders / TOP_FOLDERS, filesInEach: manyFilesInEach };
  const sizes = tinySizes(manyFolders * manyFilesInEach, "many files");
  const made = makeTree(join(a, ROOT), { ...shape, sizes, seed: "many files" });
  cpSync(join(a, ROOT), join(b, ROOT), { recursive: true, preserveTimestamps: true });
  return made.length;
}
