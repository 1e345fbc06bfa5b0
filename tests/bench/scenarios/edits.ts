import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { incompressible } from "../data/generate.ts";
import { bytesShown } from "../measure/expectations.ts";
import { startMeter } from "../measure/meter.ts";
import { untilShown } from "../measure/until-shown.ts";
import { giveUp, rest, type ScenarioRow, type Session } from "./session.ts";

const EDIT_BYTES = 4096;

/** Saves 4 KiB over a file of A again and again, and measures how long each takes to be in B. */
export async function measureEdits(session: Session, row: ScenarioRow, paths: readonly string[]): Promise<void> {
  const { a, b, adapter, options } = session;
  const next = incompressible(row.row);
  const timesMs: number[] = [];
  await rest(session);
  const meter = startMeter(() => adapter.pids());
  for (let edit = 0; edit < options.scale.edits; edit += 1) {
    const path = paths[edit % paths.length] as string;
    const bytes = next(EDIT_BYTES);
    const shown = bytesShown(join(b, path), { sizeBytes: EDIT_BYTES, offset: 0, bytes });
    if (edit > 0) await rest(session);
    const startedMs = performance.now();
    writeFileSync(join(a, path), bytes);
    await adapter.propagate?.({ kind: "write", path });
    const elapsedMs = await untilShown(shown, startedMs, options.limitMs);
    if (elapsedMs === undefined) giveUp(session, row, meter);
    timesMs.push(elapsedMs);
  }
  session.report(row, {
    timesMs,
    usage: meter.stop(),
    note: `${timesMs.length} edits; CPU and bytes are for all of them`,
  });
}

/** Some files to edit, in different folders, each already there. */
export function filesToEdit(session: Session, paths: readonly string[], count: number): string[] {
  const step = Math.max(1, Math.floor(paths.length / count));
  const chosen = paths.filter((_, index) => index % step === step - 1).slice(0, count);
  for (const path of chosen) statSync(join(session.a, path));
  return chosen;
}
