import type { DatabaseSync } from "node:sqlite";
import type { EntryId, VersionHash, WorkspaceId } from "@satchel/protocol";
import { DecisionLog } from "../decisions/decision-log.ts";
import { Exclusions } from "../exclude/exclusions.ts";
import { openOffers, type Offers } from "../books/offers.ts";
import { RemoteFeed } from "../feed/remote-feed.ts";
import { MergeBook } from "../merge/merge-book.ts";
import { MountBook, type MountHost } from "../mounts/mount-book.ts";
import { AliasBook } from "../names/alias-book.ts";
import { aliasedDisk } from "../names/aliased-disk.ts";
import { aliasedWatcher } from "../names/aliased-watcher.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import type { Disk, DiskError } from "../ports/disk.ts";
import type { Server } from "../ports/server.ts";
import type { Watcher } from "../ports/watcher.ts";
import { Hints } from "../scan/hints.ts";
import { Scanner } from "../scan/scanner.ts";
import { ManifestStore } from "../state/manifest-store.ts";
import { newEntryIds } from "../state/new-entry-ids.ts";
import { StateStore } from "../state/state-store.ts";
import { BundleMemory } from "../transfer/bundle-memory.ts";
import { Carry } from "../transfer/carry.ts";
import { TransferMeter } from "../transfer/transfer-meter.ts";
import { viewOnlyServer } from "../view-only/view-only-server.ts";
import { Connection } from "./outside/connection.ts";
import { diskIssue } from "./report/disk-issue.ts";
import { IssueBook, type Issue } from "./report/issues.ts";
import { QuietFiles } from "./work/quiet-files.ts";
import { Keeper } from "./loop/keeper.ts";
import { RootGuard } from "./outside/root-guard.ts";
import { Wake } from "./loop/wake.ts";

/** What an engine is made of: the world outside, handed in. */
export interface EngineOptions {
  /** Where the device's state is kept; or an open database, which a simulation can take away again. */
  readonly statePath: string | DatabaseSync;
  readonly workspaceId: WorkspaceId;
  readonly disk: Disk;
  readonly watcher: Watcher;
  readonly server: Server;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Which new files are left alone; asked for anew whenever an ignore file changed. `toDisk` says where on the disk a path of the tree is, for reading ignore files. */
  readonly loadIgnoreRules: (toDisk: (path: string) => string) => Promise<(path: string, isFolder: boolean) => boolean>;
  readonly log: (line: string, details?: Record<string, unknown>) => void;
  /** Of entries that wait for a step of their own, so many are planned along with the others; left out, some thousands. A simulation has none of them. */
  readonly maxWaitingPlanned?: number;
  /** So many entries that a look has found so far are worth starting with; left out, some hundreds. A simulation starts with the first. */
  readonly worthStarting?: number;
  /** So many changes may wait while a look at everything goes on and they are being sent; left out, some ten thousands. A simulation has few. */
  readonly maxFoundAhead?: number;
  /** Entries of the server that this device leaves out; none if left out. */
  readonly excluded?: readonly EntryId[];
  /** Keeps the shared folders that are mounted in this one. Left out: they stay as they are. */
  readonly mountHost?: MountHost;
  /** The account may see this workspace, and not change it. */
  readonly isViewOnly?: boolean;
  /** Texts that were edited on both sides are merged where that can be done without guessing. Default true; else they become conflicted copies. */
  readonly mergesTexts?: boolean;
}

/** The parts of a running engine, wired once. */
export interface EngineParts extends Omit<EngineOptions, "statePath" | "loadIgnoreRules" | "excluded" | "isViewOnly"> {
  readonly isViewOnly: boolean;
  readonly mounts: MountBook;
  /** The items whose name on the disk is not their own. */
  readonly aliases: AliasBook;
  readonly state: StateStore;
  readonly manifests: ManifestStore;
  readonly offers: Offers;
  readonly feed: RemoteFeed;
  readonly scanner: Scanner;
  readonly carry: Carry;
  readonly bundleMemory: BundleMemory;
  readonly meter: TransferMeter;
  readonly resend: Set<VersionHash>;
  readonly root: RootGuard;
  readonly connection: Connection;
  readonly issues: IssueBook;
  readonly quiet: QuietFiles;
  readonly exclusions: Exclusions;
  readonly mergeBook: MergeBook;
  readonly decisions: DecisionLog;
  /** An entry is in another folder on the server than before. */
  readonly onRemoteMoved: (id: EntryId) => void;
  readonly wake: Wake;
  /** Paths to look at again. */
  readonly hints: Hints;
  readonly newId: () => EntryId;
  readonly lookAgain: (path: string) => void;
  readonly onProblem: (id: EntryId, path: string, error: DiskError) => void;
  /** `isIgnoredThere`: what is there is left alone, though no ignore rule names it. */
  readonly onObstacle: (id: EntryId, path: string, error: DiskError, isIgnoredThere?: boolean) => void;
  readonly isIgnored: (path: string, isFolder: boolean) => boolean;
  readonly checkRoot: () => Promise<void>;
  /** See {@link Keeper}. */
  readonly keep: () => Promise<void>;
  readonly keepIfDue: () => Promise<void>;
  readonly keepIfCheap: () => Promise<void>;
  /** Reads the ignore rules again. */
  readonly reloadIgnoreRules: () => Promise<void>;
}

export function wireEngine(options: EngineOptions): EngineParts {
  const { statePath, loadIgnoreRules, excluded: wanted = [], isViewOnly = false, ...outside } = options;
  const { workspaceId, clock, entropy, mergesTexts = true } = options;
  const server = isViewOnly ? viewOnlyServer(options.server) : options.server;
  const aliases = new AliasBook();
  const disk = aliasedDisk(options.disk, aliases);
  const state = new StateStore(statePath, workspaceId);
  const manifests = new ManifestStore(state.database);
  const offers = openOffers(state);
  const mounts = new MountBook(state);
  const root = new RootGuard({ state, disk, entropy });
  const issues = new IssueBook();
  const exclusions = new Exclusions({ state, issues, clock, offers, wanted });
  const decisions = new DecisionLog(state, clock);
  const { keepIfDue, ...keeping } = new Keeper({ disk, state, root, decisions, clock });
  const onRemoteMoved = (id: EntryId): void => exclusions.onRemoteMoved(id);
  const wake = new Wake(clock);
  const hints = new Hints();
  const newId = newEntryIds(workspaceId, clock, entropy);
  const { isIgnored, reloadIgnoreRules } = keepIgnores(loadIgnoreRules, aliases);
  const lookAgain = hinting(hints, wake);
  return {
    ...outside,
    server,
    isViewOnly,
    mounts,
    disk,
    watcher: aliasedWatcher(options.watcher, aliases),
    aliases,
    state,
    manifests,
    offers,
    feed: new RemoteFeed({ state, manifests, server, offers, mounts, onRemoteMoved, keepIfDue }),
    scanner: new Scanner({
      state,
      disk,
      clock,
      newId,
      names: aliases,
      mounts,
      isIgnored,
      lookAgain,
      checkRoot: root.check,
      keepIfDue,
      onIssues: (path, found) => issues.setScanned(path, found),
    }),
    carry: new Carry(),
    bundleMemory: new BundleMemory(),
    meter: new TransferMeter(),
    resend: new Set(),
    root,
    connection: new Connection(clock, entropy),
    issues,
    quiet: new QuietFiles(state, clock),
    exclusions,
    mergeBook: new MergeBook(state, manifests, { isOn: mergesTexts && !isViewOnly }),
    decisions,
    onRemoteMoved,
    wake,
    hints,
    newId,
    lookAgain,
    ...tellingIssues({ issues, clock, aliases, isIgnored }),
    isIgnored,
    checkRoot: root.check,
    keepIfDue,
    ...keeping,
    reloadIgnoreRules,
  };
}

function hinting(hints: Hints, wake: Wake): (path: string) => void {
  return (path) => {
    hints.add(path);
    wake.now();
  };
}

/** The rules as they were loaded last; none before. */
function keepIgnores(load: EngineOptions["loadIgnoreRules"], aliases: AliasBook) {
  let ignores = (_path: string, _isFolder: boolean): boolean => false;
  return {
    isIgnored: (path: string, isFolder: boolean): boolean => ignores(path, isFolder),
    reloadIgnoreRules: async (): Promise<void> => {
      ignores = await load((path) => aliases.toDisk(path));
    },
  };
}

/** How disk failures become issues of entries. */
function tellingIssues({
  issues,
  clock,
  aliases,
  isIgnored,
}: Pick<EngineParts, "issues" | "clock" | "aliases" | "isIgnored">): Pick<EngineParts, "onObstacle" | "onProblem"> {
  return {
    onObstacle: (id, path, error, isIgnoredThere = false) =>
      issues.obstruct(id, obstacle(path, error, { aliases, isIgnored, isIgnoredThere }), clock.nowMs()),
    onProblem: (id, path, error) => issues.block(id, diskIssue(path, error), clock.nowMs()),
  };
}

const ignoredInTheWay =
  "Something that an ignore rule leaves alone has the name of what the server has here. Give it another name, or move it away, and the other one comes.";

function obstacle(
  path: string,
  error: DiskError,
  { aliases, isIgnored, isIgnoredThere }: Pick<EngineParts, "aliases" | "isIgnored"> & { isIgnoredThere: boolean },
): Issue {
  const at = aliases.fromDisk(error.path);
  const isInTheWay = isIgnoredThere || (error.code === "exists" && (isIgnored(at, false) || isIgnored(at, true)));
  return isInTheWay ? { path: at, code: "ignored_in_the_way", message: ignoredInTheWay } : diskIssue(path, error);
}
