import type { Decision, VerifyReport } from "@satchel/engine";
import type { ArrivingFile, EntryId } from "@satchel/protocol";
import type { Session } from "../home/session.ts";
import type { Home } from "../home/home.ts";
import type { SyncEvent } from "./control-protocol.ts";
import type { ItemReport, SyncProgress } from "./sync-report.ts";

/** The part of the engine that the commands use; `engine-adapter.ts` makes one, tests make their own. */
export interface SyncEngine {
  /** Keeps the folder in step until the signal aborts; then resolves. Rejects only with what a person has to solve first. */
  run(signal: AbortSignal): Promise<void>;
  /** Ends when the folder and the server were equal; `issues` when some items, which the status lists, could not be synchronised. */
  runOnce(signal: AbortSignal): Promise<"synced" | "issues" | "stopped">;
  status(): EngineStatus;
  /** Files that are open in an editor on this device, in the folder and the shared ones in it. */
  openInEditors(): EntryId[];
  /** How an item of the folder stands; the path from the folder, with '/'. */
  item(path: string): ItemReport;
  /**
   * True once all that either side had at the time of the call is on the other. False when the time ran out. `timeoutMs` null waits as long as it takes.
   */
  waitSynced(options: { timeoutMs: number | null; signal: AbortSignal }): Promise<boolean>;
  /** Where an entry is, asked for by its path in the folder or on the server; undefined when neither has it. */
  findEntry(path: string): FoundEntry | undefined;
  /** Where the server has each of these entries; null where it hasn't. */
  serverPaths(ids: readonly EntryId[]): (string | null)[];
  /** What was done last about what is, or was, at a path of the folder, newest first. */
  why(path: string): readonly Decision[];
  /** Compares the folder with the server, when both rest. */
  verify(options: { readonly deep: boolean }): Promise<VerifyReport>;
  /** Leaves out these entries of the server and no others. */
  setExcluded(ids: readonly EntryId[]): void;
  pause(): void;
  resume(): void;
  /** Until the engine is closed. */
  onEvent(listener: (event: SyncEvent) => void): void;
  /** Told when the state of the folder, or of a shared one in it, is another one. Until the engine is closed. */
  onState(listener: () => void): void;
  close(): Promise<void>;
}

export interface FoundEntry {
  readonly id: EntryId;
  /** From the root, with '/'; null while the server doesn't have it. */
  readonly serverPath: string | null;
}

export interface EngineStatus extends Pick<SyncProgress, "state" | "pending" | "transferred" | "issues"> {
  /** Files that are to be uploaded, as others are told of them: the first few. */
  readonly arriving?: readonly ArrivingFile[];
}

/** `log` takes what only a developer can use: the engine's own faults. */
export type OpenSyncEngine = (options: {
  home: Home;
  folder: string;
  session: Session;
  /** Entries of the server to leave out from the start. */
  excluded: readonly EntryId[];
  /** Whether texts that were edited on both sides are merged. Default: yes. */
  mergesTexts?: boolean;
  log: (line: string) => void;
}) => Promise<SyncEngine>;
