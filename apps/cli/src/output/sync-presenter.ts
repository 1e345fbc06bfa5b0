import type { SyncEvent } from "../daemon/control-protocol.ts";
import type { SyncProgress, SyncReport } from "../daemon/sync-report.ts";
import { formatInstant, printable } from "./format.ts";
import { ProgressMeter } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** Shows a running sync. */
export interface SyncPresenter {
  onReady(report: () => SyncProgress): void;
  onEvent(event: SyncEvent): void;
  close(): void;
}

/** One event a line, each a JSON object. */
export function jsonPresenter(terminal: Terminal): SyncPresenter {
  return {
    onReady: (report) =>
      terminal.print(
        JSON.stringify({ event: "ready", folder: report().folder, server: report().server, user: report().user }),
      ),
    onEvent: (event) => terminal.print(JSON.stringify(event)),
    close: () => undefined,
  };
}

/** How often the progress line is drawn at most. */
const drawEveryMs = 250;

/** Sentences for changes of state and for issues, and on a terminal a progress line while there is something to do. */
export function humanPresenter(
  write: (line: string) => void,
  terminal: Pick<Terminal, "canRedraw" | "columns" | "redraw">,
): SyncPresenter {
  const meter = new ProgressMeter();
  const told = new Set<string>();
  let state: SyncReport["state"] | undefined;
  let report: (() => SyncProgress) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    timer = undefined;
    if (!report) return;
    const now = report();
    tellState(now);
    tellIssues(now);
    if (terminal.canRedraw)
      terminal.redraw(meter.observe(Date.now(), now.pending, carriedBytes(now)).slice(0, terminal.columns - 1));
    if (now.state === "syncing" && terminal.canRedraw) lookLater();
  }
  function lookLater(): void {
    timer ??= setTimeout(look, drawEveryMs);
  }
  function tellState(now: SyncReport): void {
    if (now.state === state) return;
    state = now.state;
    write(stateSentence(now));
  }
  function tellIssues(now: SyncReport): void {
    const open = new Set(now.issues.map(issueLine));
    for (const line of open) if (!told.has(line)) write(line);
    told.clear();
    for (const line of open) told.add(line);
  }
  return {
    onReady(current) {
      report = current;
      const { folder, server, user } = current();
      write(`${printable(folder)} is kept the same as ${user}'s folder at ${server}.`);
      look();
    },
    onEvent: lookLater,
    close() {
      clearTimeout(timer);
      if (terminal.canRedraw) terminal.redraw("");
      look();
      clearTimeout(timer);
      report = undefined;
    },
  };
}

export const stateSentences: Readonly<Record<SyncReport["state"], string>> = {
  synced: "Everything is in sync.",
  syncing: "Synchronising …",
  paused: "Paused: `satchel resume` goes on.",
  offline: "The server can't be reached: changes wait here until it can.",
  error: "Stopped by a problem:",
};

function carriedBytes({ transferred }: SyncProgress): number {
  return transferred ? transferred.sentBytes + transferred.receivedBytes : 0;
}

/** How a pause is told, with what ends it. `untilMs` null: it lasts until then. */
export function pauseSentence(untilMs: number | null): string {
  if (untilMs === null) return stateSentences.paused;
  return `Paused until ${formatInstant(new Date(untilMs).toISOString())}: \`satchel resume\` goes on before.`;
}

export function stateSentence({ state, pausedUntil }: Pick<SyncReport, "state" | "pausedUntil">): string {
  return state === "paused" && pausedUntil ? pauseSentence(Date.parse(pausedUntil)) : stateSentences[state];
}

export function issueLine(issue: SyncReport["issues"][number]): string {
  return `${issue.path === "" ? "The folder" : printable(issue.path)}: ${printable(issue.message)} (${issue.code})`;
}
