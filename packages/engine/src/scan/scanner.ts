import { ignoreFileName, type EntryId } from "@satchel/protocol";
import type { Clock } from "../ports/clock.ts";
import type { NameRules } from "../names/name-rules.ts";
import { DiskError, type ScannedFolder } from "../ports/disk.ts";
import type { LocalRecord } from "../state/state-store.ts";
import { EditorLocks } from "./editor-locks.ts";
import { joinPath } from "./join-path.ts";
import { findFolder, lookUpPath } from "./look-up-path.ts";
import { noFindings, nowhere, observeFolder, type Findings, type ObserverContext } from "./local-observer.ts";
import { namesakesOf } from "./namesakes.ts";
import type { Observation } from "./observation.ts";
import { statOrUnknown } from "./stat-or-unknown.ts";
import { VanishHold } from "./vanish-hold.ts";

/** From so many hints in one folder on it is listed as a whole, unless most of it was not hinted at. [EN66] */
const listFolderFromHints = 200;
/** So many entries are listed in the time in which one is asked for by name. */
const listedPerAsked = 4;

export interface ScanIssue {
  readonly path: string;
  readonly code: "folder_unreadable" | "entry_unreadable";
  readonly message: string;
}

export interface ScannerContext extends Omit<ObserverContext, "locks"> {
  readonly clock: Clock;
  /** Which names the disk takes for one. */
  readonly names: { readonly rules: NameRules };
  /** Folders whose contents are another engine's. */
  readonly mounts: { has(id: EntryId): boolean };
  /** @throws when the root is not the one that it was: then nothing is concluded from what is missing. */
  readonly checkRoot: (seen: { isEmptied: boolean }) => Promise<void>;
  /** Called now and then while much is found out, so that a crash takes little of it along. */
  readonly keepIfDue: () => Promise<void>;
  /** Has this path looked at once more, soon: an ignore file that turned up in a listing, a folder that was moved. */
  readonly lookAgain: (path: string) => void;
  /** All that is wrong below `path`, which replaces what was told of it before. */
  readonly onIssues: (path: string, issues: readonly ScanIssue[]) => void;
}

/** What may come while a look goes on. */
export interface Meanwhile {
  /** Ends the look by an error, as it is: what it didn't come to is for the next look at everything. */
  readonly signal?: AbortSignal | undefined;
  /** Called now and then while a new folder, or everything, is looked at and nothing is missing: what was found so far can be no other entry's, and need not wait for the rest. [EN121] [EN125] */
  readonly goOn?: (() => Promise<void>) | undefined;
}

/** Keeps the local tree in step with the disk. One scan at a time. */
export class Scanner {
  /** Which files are open in editors, as far as the looks have shown. */
  readonly locks = new EditorLocks();
  readonly #context: ScannerContext & ObserverContext;
  readonly #held = new VanishHold();

  constructor(context: ScannerContext) {
    this.#context = { ...context, locks: this.locks };
  }

  /** Looks at everything. What is not found anywhere is gone. */
  async scanAll(meanwhile: Meanwhile = {}): Promise<void> {
    const findings = noFindings();
    const isWhole = await this.#scanBelow("", findings, meanwhile);
    this.#held.clear();
    await this.#settle(findings, { isFinal: true, signal: meanwhile.signal });
    // Of whatever was about to leave it is known by now whether it did. [EN127]
    const { state } = this.#context;
    if (isWhole && state.leaving.isAny) state.transaction(() => state.leaving.clear());
  }

  /** Looks at entries that may have changed, and below those that are new. */
  async scanHints(paths: ReadonlySet<string>, meanwhile: Meanwhile = {}): Promise<void> {
    const findings = noFindings();
    await this.#lookAtAll(paths, findings);
    // Who was looked for and is not missing any more has come back.
    for (const [id, { path }] of this.#held.entries()) {
      if (paths.has(path) && !findings.vanished.has(id)) this.#held.release(id);
    }
    await this.#settle(findings, { isFinal: false, ...meanwhile });
    // In a next look: that they moved is known now, and need not wait for what is in them. [EN93]
    for (const path of findings.moved) this.#context.lookAgain(`${path}/`);
  }

  /** Whether a vanished entry may still turn up elsewhere. */
  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  /** One that is left alone itself is in no tree, and would be new in every look. */
  #isNewIgnoreFile(
    folder: { readonly id: EntryId; readonly path: string },
    { type, name, fingerprint }: ScannedFolder["entries"][number],
  ): boolean {
    if (type !== "file" || name !== ignoreFileName) return false;
    const known = this.#context.state.local.findChild(folder.id, name);
    return known ? known.fingerprint !== fingerprint : !this.#context.isIgnored(joinPath(folder.path, name), false);
  }

  /** Hints for what was held back and is due now; and when the next will be. */
  due(): { paths: string[]; nextMs: number | undefined } {
    return this.#held.due(this.#context.clock.nowMs());
  }

  /** Names by the known folder that they are in; for what lies in unknown folders, the first unknown one on the way. */
  #groupByFolder(paths: Iterable<string>): Map<string, Set<string>> {
    const { state, names } = this.#context;
    const folders = new Map<string, Set<string>>();
    const ids = new Map<string, EntryId>();
    for (const path of paths) {
      const known = lookUpPath(state, path);
      if (!known) continue;
      const group = folders.get(known.folder) ?? new Set();
      folders.set(known.folder, group.add(known.name));
      ids.set(known.folder, known.folderId);
    }
    for (const [path, folderId] of ids) {
      const group = folders.get(path);
      for (const name of namesakesOf(state, names.rules, { folderId, names: group ?? [] })) group?.add(name);
    }
    return folders;
  }

  /** The disk is asked about all of them at once, and what it shows is taken in folder by folder, parents before children. */
  async #lookAtAll(paths: Iterable<string>, findings: Findings): Promise<void> {
    const { disk } = this.#context;
    const few: HintedFolder[] = [];
    const folders = this.#groupByFolder(paths);
    const deep = new Set([...folders].flatMap(([path, names]) => (names.has("") ? [path] : [])));
    for (const [path, names] of folders) {
      if (deep.size > 0 && isBelowAny(deep, path)) continue;
      if (names.has("")) await this.#scanBelow(path, findings);
      else if (this.#isWorthListing(path, names.size)) {
        for await (const listing of disk.scan(path, { recursive: false })) await this.#applyListing(listing, findings);
      } else {
        few.push({ path, names: [...names] });
      }
    }
    const observed = await this.#observeAll(few);
    for (const { path } of few) {
      const id = findFolder(this.#context.state, path);
      if (id !== undefined && !this.#context.mounts.has(id))
        await observeFolder(this.#context, { id, path }, observed.get(path) ?? [], false, findings);
    }
  }

  /** What the disk shows at all of these names, asked at once for all folders of one depth: in one that is missing nothing is there. */
  async #observeAll(folders: readonly HintedFolder[]): Promise<Map<string, Observation[]>> {
    const observed = new Map<string, Observation[]>();
    const missing = new Set<string>();
    for (const level of byDepth(folders)) {
      await Promise.all(
        level.map(async ({ path, names }) => {
          const isGone = missing.has(path) || (missing.size > 0 && isBelowAny(missing, path));
          const seen = isGone
            ? names.map((name) => ({ name, stat: null }))
            : await Promise.all(names.map((name) => this.#observe(path, name)));
          observed.set(
            path,
            seen.filter((observation) => observation !== undefined),
          );
        }),
      );
      for (const { path } of level)
        for (const { name, stat } of observed.get(path) ?? []) if (stat === null) missing.add(joinPath(path, name));
    }
    return observed;
  }

  #isWorthListing(path: string, hints: number): boolean {
    const id = findFolder(this.#context.state, path);
    if (hints < listFolderFromHints || id === undefined) return false;
    return !this.#context.state.local.hasMoreIn(id, hints * listedPerAsked);
  }

  /** Undefined when the disk can't tell: then nothing is concluded, and the next look at everything finds out. [EN8] */
  async #observe(folder: string, name: string): Promise<Observation | undefined> {
    const path = joinPath(folder, name);
    try {
      return { name, stat: (await this.#context.disk.stat(path)) ?? null };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      const message = `This can't be read (${error.message}); it is left alone.`;
      this.#context.onIssues(path, [{ path, code: "entry_unreadable", message }]);
      return undefined;
    }
  }

  /** Answers whether all of it could be read. */
  async #scanBelow(path: string, findings: Findings, { signal, goOn }: Meanwhile = {}): Promise<boolean> {
    const issues: ScanIssue[] = [];
    const entered = findings.enter.length;
    for await (const listing of this.#context.disk.scan(path, { recursive: true, ...(signal && { signal }) })) {
      issues.push(...(await this.#applyListing(listing, findings)));
      await this.#context.keepIfDue();
      if (this.#context.clock.breathe) await this.#context.clock.breathe();
      if (goOn && !this.isHolding && isNothingMissing(findings)) await goOn();
    }
    // What was found new below was listed by this very scan.
    findings.enter.length = entered;
    this.#context.onIssues(path, issues);
    return issues.length === 0;
  }

  async #applyListing(listing: ScannedFolder, findings: Findings): Promise<ScanIssue[]> {
    const folderId = findFolder(this.#context.state, listing.path);
    // What is in a mount belongs to another workspace, and is not looked at here. [EN100]
    if (folderId === undefined || listing.problem === "gone" || this.#context.mounts.has(folderId)) return [];
    if (listing.problem !== undefined) {
      return [
        {
          path: listing.path,
          code: "folder_unreadable",
          message: `This folder can't be listed (${listing.problem}); nothing in it is synchronised until it can.`,
        },
      ];
    }
    const folder = { id: folderId, path: listing.path };
    if (listing.entries.some((entry) => this.#isNewIgnoreFile(folder, entry)))
      this.#context.lookAgain(joinPath(listing.path, ignoreFileName));
    const observations: Observation[] = listing.entries.map((entry) => ({ name: entry.name, stat: entry }));
    const before = new Set(findings.vanished);
    await observeFolder(this.#context, folder, observations, true, findings);
    const issues = listing.unreadable.map(({ name, reason }) => {
      const row = this.#context.state.local.findChild(folderId, name);
      if (row && !before.has(row.id)) findings.vanished.delete(row.id);
      return {
        path: joinPath(listing.path, name),
        code: "entry_unreadable" as const,
        message: `This can't be read (${reason}); it is left alone.`,
      };
    });
    return issues;
  }

  /** Enters what is new, revisits what was seen elsewhere, and in the end decides what is gone: at once when everything was looked at. */
  async #settle(findings: Findings, look: Meanwhile & { readonly isFinal: boolean }): Promise<void> {
    for (let path = findings.enter.shift(); path !== undefined; path = findings.enter.shift())
      await this.#scanBelow(path, findings, look);
    const revisit = [...findings.revisit];
    findings.revisit.clear();
    await this.#lookAtAll(revisit, findings);
    if (findings.enter.length > 0 || findings.revisit.size > 0) return this.#settle(findings, look);
    // Also who lost its place in a look that a failing disk, or a kill, kept from its end: no folder's list tells of it any more. [EN67]
    for (const { id } of this.#context.state.local.children(nowhere)) findings.vanished.add(id);
    const gone = await this.#findGone(findings.vanished, look);
    if (gone.size > 0) {
      await this.#context.checkRoot({ isEmptied: this.#isEmptied(gone) });
      this.#removeGone(gone);
    }
  }

  /** Whether everything in the root is gone at once. The last entry of all may go: who has but one deletes it sometimes. [EN42] */
  #isEmptied(gone: ReadonlyMap<EntryId, string | undefined>): boolean {
    const { state } = this.#context;
    const rows = state.local.children(state.rootId);
    return rows.length > 1 && rows.every(({ id }) => gone.has(id));
  }

  /** Which of the vanished entries are gone, each with the path that it had; undefined for one that had lost its place already. */
  async #findGone(
    vanished: ReadonlySet<EntryId>,
    { isFinal }: { isFinal: boolean },
  ): Promise<Map<EntryId, string | undefined>> {
    const { state, disk, clock } = this.#context;
    const gone = new Map<EntryId, string | undefined>();
    const missing: { row: LocalRecord; path: string }[] = [];
    for (const id of vanished) {
      const row = state.local.find(id);
      const path = row && state.localPath(id);
      if (row?.parentId === nowhere) gone.set(id, undefined);
      if (!row || path === undefined) this.#held.release(id);
      else if (isFinal || this.#held.hasWaited(id, path, clock.nowMs())) missing.push({ row, path });
    }
    // A last look, at those whose time is over; what is in a folder that is gone is so as well.
    for (const level of byDepth(missing)) {
      await Promise.all(
        level.map(async ({ row, path }) => {
          const isInGone = row.parentId !== null && gone.has(row.parentId);
          const there = isInGone ? undefined : await statOrUnknown(disk, path);
          const isThere = there === "unknown" || (there && there.type === row.type && there.inode === row.inode);
          if (!isThere) gone.set(row.id, path);
        }),
      );
    }
    return gone;
  }

  /** Takes what is gone out of the local tree; what was in a folder that is gone goes with it. */
  #removeGone(gone: ReadonlyMap<EntryId, string | undefined>): void {
    const { state } = this.#context;
    state.transaction(() => {
      for (const [id, path] of gone) {
        const parentId = state.local.find(id)?.parentId;
        const goesWithParent = parentId !== undefined && parentId !== null && gone.has(parentId);
        if (!goesWithParent && state.localPath(id) === path) state.local.remove(id);
      }
    });
  }
}

/** Names in a folder of which a watcher told. */
interface HintedFolder {
  readonly path: string;
  readonly names: readonly string[];
}

/** Whether everybody that this look was about is where it is known to be. */
function isNothingMissing({ vanished, revisit, moved }: Findings): boolean {
  return vanished.size + revisit.size + moved.size === 0;
}

/** Those of the same depth together, the top first. */
function byDepth<T extends { readonly path: string }>(items: readonly T[]): T[][] {
  const levels = Map.groupBy(items, ({ path }) => (path === "" ? 0 : path.split("/").length));
  return [...levels].sort(([a], [b]) => a - b).map(([, level]) => level);
}

/** Whether a path lies below one of these, which are looked at with all that is below them. */
function isBelowAny(deep: ReadonlySet<string>, path: string): boolean {
  for (let at = path; at !== "";) {
    at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
    if (deep.has(at)) return true;
  }
  return false;
}
