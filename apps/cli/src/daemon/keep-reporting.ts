import { restReportMs, workReportMs, type DeviceReport } from "@satchel/protocol";
import type { EngineStatus } from "./sync-engine.ts";

/** What is over sooner is told to nobody: most saves are, and they are the ones that must cost nothing beside. */
const settleMs = 1500;
/** How often it is told how far work has come. */
const workMs = 3000;
/** How often the same is told again, well before the server forgets it. */
const repeatWorkMs = workReportMs / 3;
const repeatRestMs = restReportMs / 3;
/** When a report could not be sent, the next try comes after this long. */
const retryMs = 30_000;
/** An answer that takes longer is not worth waiting for. */
const sendTimeoutMs = 10_000;

interface ReportingParts {
  readonly status: () => EngineStatus;
  readonly send: (report: DeviceReport, signal: AbortSignal) => Promise<void>;
  /** A clock that nobody sets. */
  readonly nowMs?: () => number;
}

/** Tells the server now and then what this device does, for those who look at it in a browser. Nothing depends on it: what can't be told is not. */
export function keepReporting({ status, send, nowMs = () => performance.now() }: ReportingParts) {
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  let isSending = false;
  /** What the server knows, and since when. */
  let told: { readonly text: string; readonly atMs: number } | undefined;

  function lookIn(delayMs: number): void {
    const atMs = nowMs() + delayMs;
    if (closing.signal.aborted || atMs >= dueMs) return;
    clearTimeout(timer);
    dueMs = atMs;
    timer = setTimeout(look, delayMs);
    timer.unref();
  }

  function look(): void {
    dueMs = Number.POSITIVE_INFINITY;
    if (isSending) return lookIn(settleMs);
    const report = reportOf(status());
    if (report === undefined) {
      // When the connection is back the server has forgotten.
      told = undefined;
      return;
    }
    const isWorking = report.state === "syncing";
    const text = JSON.stringify(report);
    const repeatMs = isWorking ? repeatWorkMs : repeatRestMs;
    if (told?.text === text && nowMs() < told.atMs + repeatMs)
      return lookIn(isWorking ? workMs : told.atMs + repeatMs - nowMs());
    isSending = true;
    send(report, AbortSignal.any([closing.signal, AbortSignal.timeout(sendTimeoutMs)]))
      .then(
        () => {
          told = { text, atMs: nowMs() };
          return isWorking ? workMs : repeatRestMs;
        },
        () => {
          told = undefined;
          return retryMs;
        },
      )
      .then((nextMs) => {
        isSending = false;
        lookIn(nextMs);
      })
      .catch(() => undefined);
  }

  return {
    /** The state is another one. */
    changed: () => lookIn(settleMs),
    close(): void {
      closing.abort();
      clearTimeout(timer);
    },
  };
}

/** Undefined while there is nobody to tell. */
function reportOf({ state, pending, arriving = [] }: EngineStatus): DeviceReport | undefined {
  if (state === "offline") return undefined;
  const { uploads, downloads, bytes } = pending;
  return { state, uploads, downloads, bytes, arriving: [...arriving] };
}
