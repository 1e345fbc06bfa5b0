import { manyFound, type Dispatcher } from "../work/dispatcher.ts";
import type { EngineParts } from "../parts.ts";

/** What the engine's loop does in the midst of a look at everything. */
export interface Midst {
  readonly signal: AbortSignal;
  /** Asks the server for what is new, if that is due. */
  readonly hear: () => Promise<void>;
  /** Whether what the server has is known, and nobody wants transfers to stop. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** How often it is looked again, if nobody wakes the loop: each job that ends does. */
const lookMs = 1000;

/**
 * Has what a look at everything found so far sent while the look goes on, and holds the look up while much of it waits: so a first look at a million files never has more at hand than what is sent in some
 * seconds. It goes on as soon as nothing is on its way: without a connection, or when all that was found so far needs the whole picture. [EN125]
 */
export async function sendMeanwhile(parts: EngineParts, dispatcher: Dispatcher, midst: Midst): Promise<void> {
  const { state, connection, wake, keepIfDue, worthStarting = manyFound } = parts;
  if (state.freshCount < worthStarting) return;
  for (;;) {
    if (!connection.mayTry) return;
    await midst.hear();
    if (midst.signal.aborted || !(await midst.mayGoOn())) return;
    if (!(await dispatcher.sendMeanwhile())) return;
    await keepIfDue();
    await wake.sleep(lookMs);
  }
}
