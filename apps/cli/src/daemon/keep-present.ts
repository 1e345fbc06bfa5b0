import { maxOpenFiles, presenceRepeatMs, type EntryId, type PresenceReport } from "@satchel/protocol";

/** How often it is looked for files that were opened or closed: a question to memory. */
const lookMs = 3000;
/** An answer that takes longer is not worth waiting for. */
const sendTimeoutMs = 10_000;

interface PresentParts {
  /** Files that are open in an editor on this device. */
  readonly editing: () => readonly EntryId[];
  readonly send: (report: PresenceReport, signal: AbortSignal) => Promise<void>;
  /** A clock that nobody sets. */
  readonly nowMs: () => number;
}

/** Tells the server which files are open in editors here, for those who share them. Nothing depends on it: what can't be told is tried again as if it were to be repeated. [PR5] */
export function keepPresent(parts: PresentParts): { look(): Promise<void>; close(): void } {
  const closing = new AbortController();
  const look = tellingPresent(parts, closing.signal);
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();
  return {
    look,
    close(): void {
      closing.abort();
      clearInterval(timer);
    },
  };
}

/** One look at a time; resolves when what there was to tell was told, or could not be. */
function tellingPresent({ editing, send, nowMs }: PresentParts, closing: AbortSignal): () => Promise<void> {
  let told = { text: "[]", atMs: 0 };
  let notBeforeMs = 0;
  let isSending = false;
  return async () => {
    // In an order of their own, so that the same files are no news.
    const open = editing()
      .toSorted((a, b) => (a < b ? -1 : 1))
      .slice(0, maxOpenFiles)
      .map((id) => ({ file_id: id, doing: "editing" as const }));
    const text = JSON.stringify(open);
    const isDue = told.text !== text || (open.length > 0 && nowMs() >= told.atMs + presenceRepeatMs);
    if (!isDue || isSending || nowMs() < notBeforeMs) return;
    isSending = true;
    try {
      await send({ client: "device", open }, AbortSignal.any([closing, AbortSignal.timeout(sendTimeoutMs)]));
      told = { text, atMs: nowMs() };
    } catch {
      // Refused for one of several folders, not known to an older server, or not reached: that is no better in three seconds.
      notBeforeMs = nowMs() + presenceRepeatMs;
    } finally {
      isSending = false;
    }
  };
}
