import { DiskError } from "../../ports/disk.ts";
import { StateUnwritableError } from "../../state/state-unwritable-error.ts";
import { RootChangedError } from "../outside/root-guard.ts";
import type { EngineParts } from "../parts.ts";

/** Writes down which folder it is, before anything happens to it. On a disk that fails just then, the next turn does. [EN43] */
export async function keepFirst({ keep }: EngineParts): Promise<void> {
  try {
    await keep();
  } catch (error) {
    if (!(error instanceof DiskError || error instanceof StateUnwritableError)) throw error;
  }
}

/** A disk that fails at the end takes the last books along, which the next start finds out again. [EN25] */
export async function keepAtTheEnd({ keep, log, state }: EngineParts): Promise<void> {
  try {
    await keep();
  } catch (error) {
    if (!(error instanceof DiskError || error instanceof RootChangedError)) throw error;
    log("the disk could not be settled at the end", { error: error.message });
    state.abandon();
  }
}
