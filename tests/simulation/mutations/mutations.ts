/** A fault that is planted in the product: one exact piece of its source, and what stands there instead. */
export interface Mutation {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly snippet: string;
  readonly replacement: string;
  /** What goes wrong with it. */
  readonly fault: string;
}

const planner = "packages/reconcile/src";
const engine = "packages/engine/src";

/** Faults of the planner. */
const plannerMutations: readonly Mutation[] = [
  {
    name: "delete-beats-edit",
    file: `${planner}/plan/verdict.ts`,
    snippet: `return isSameContent(survivor, synced) ? "delete" : "live";`,
    replacement: `return "delete";`,
    fault: "an entry deleted on one side goes, though the other side edited it",
  },
  {
    name: "delete-unread",
    file: `${planner}/plan/verdict.ts`,
    snippet: `if (local?.content === "unknown") return "undecided";`,
    replacement: "",
    fault: "whether a file changed is not waited for before it is deleted",
  },
  {
    name: "delete-moved-folder",
    file: `${planner}/plan/verdict.ts`,
    snippet: `return survivor.type === "folder" ? "renew" : "live";`,
    replacement: `return survivor.type === "folder" ? "delete" : "live";`,
    fault: "a folder deleted on one side and moved on the other goes",
  },
  {
    name: "local-place-holds",
    file: `${planner}/plan/verdict.ts`,
    snippet: `return movedThere ? { place: there, placeFrom: "remote" } : { place: here, placeFrom: "local" };`,
    replacement: `return { place: here, placeFrom: "local" };`,
    fault: "a move made elsewhere is taken back",
  },
  {
    name: "remote-place-holds",
    file: `${planner}/plan/verdict.ts`,
    snippet: `return movedThere ? { place: there, placeFrom: "remote" } : { place: here, placeFrom: "local" };`,
    replacement: `return { place: there, placeFrom: "remote" };`,
    fault: "a move made here is taken back",
  },
  {
    name: "remote-content-wins",
    file: `${planner}/plan/verdict.ts`,
    snippet: `if (isSameContent(local, synced)) return "take_remote";`,
    replacement: `return "take_remote";`,
    fault: "an edit made here is overwritten by what the server has",
  },
  {
    name: "local-content-wins",
    file: `${planner}/plan/verdict.ts`,
    snippet: `return isSameContent(remote, synced) ? "give_local" : "conflict";`,
    replacement: `return "give_local";`,
    fault: "of two edits the later one replaces the other",
  },
  {
    name: "baseless-overwrite",
    file: `${planner}/plan/verdict.ts`,
    snippet: `if (synced === undefined) return "conflict";`,
    replacement: `if (synced === undefined) return "give_local";`,
    fault: "without a common base, what is here replaces what is there",
  },
  {
    name: "attributes-from-remote",
    file: `${planner}/plan/verdict.ts`,
    snippet: `modifiedMs: (first.modifiedMs === synced.modifiedMs ? second : first).modifiedMs,`,
    replacement: `modifiedMs: remote.modifiedMs,`,
    fault: "a time set here is set back",
  },
  {
    name: "circles-stay",
    file: `${planner}/conflict/undo-cycles.ts`,
    snippet: `if (!isLocalMove(decision) || !isOwnAncestor(board, decision)) continue;`,
    replacement: `continue;`,
    fault: "two moves that make a folder its own ancestor are both carried out",
  },
  {
    name: "adopt-unequal",
    file: `${planner}/conflict/match-newcomers.ts`,
    snippet: `} else if (!hasContentOf(mine, theirs)) {`,
    replacement: `} else if (mine.type === "link") {`,
    fault: "two new files of one name are taken for one, whatever is in them",
  },
  {
    name: "delete-with-news",
    file: `${planner}/plan/remote-side.ts`,
    snippet: `!holding.has(id) && !holdings.newsOnServer.has(id)`,
    replacement: `!holding.has(id)`,
    fault: "a folder is deleted on the server along with what others did in it",
  },
  {
    name: "delete-what-holds",
    file: `${planner}/plan/remote-side.ts`,
    snippet: `!holding.has(id) && !holdings.newsOnServer.has(id)`,
    replacement: `!holdings.newsOnServer.has(id)`,
    fault: "a folder is deleted on the server though something in it lives",
  },
  {
    name: "no-setting-aside",
    file: `${planner}/plan/content-operations.ts`,
    snippet: `return isMoving ? undefined : { do: "set_aside", id, split: true, conflictOf: id };`,
    replacement: `return undefined;`,
    fault: "a conflict is never resolved",
  },
  {
    name: "agree-unequal-contents",
    file: `${planner}/tree/agreed-item.ts`,
    snippet: `const filled = content ? remote : base;`,
    replacement: `const filled = remote;`,
    fault: "agreeing on a place agrees on the content as well",
  },
  {
    name: "agree-unequal-places",
    file: `${planner}/tree/agreed-item.ts`,
    snippet: `const placed = place ? remote : base;`,
    replacement: `const placed = remote;`,
    fault: "agreeing on a content agrees on the place as well",
  },
  {
    name: "no-parking",
    file: `${planner}/plan/local-side.ts`,
    snippet: `    park: ({ id }) => park(id),`,
    replacement: `    park: () => false,`,
    fault: "entries that wait for each other's names wait for ever",
  },
];

/** Faults of what carries plans out, and of what looks and listens. */
const engineMutations: readonly Mutation[] = [
  {
    name: "remove-unlooked",
    file: `${engine}/apply/delete-local.ts`,
    snippet: `await disk.removeFile(path, local.fingerprint);`,
    replacement: `await disk.removeFile(path, (await disk.stat(path))?.fingerprint ?? "");`,
    fault: "a file is deleted without a last look whether it is still the same",
  },
  {
    name: "remove-unagreed",
    file: `${engine}/apply/delete-local.ts`,
    snippet: `if (base ? base.contentHash !== local.contentHash : !state.serverHasContent(local.contentHash)) return false;`,
    replacement: "",
    fault: "a file goes with its folder, agreed on or not",
  },
  {
    name: "place-unlooked",
    file: `${engine}/transfer/fetch.ts`,
    snippet: `const stat = await disk.place(temporary, spot.path, spot.expected);`,
    replacement: `const stat = await disk.place(temporary, spot.path, (await disk.stat(spot.path))?.fingerprint ?? null);`,
    fault: "a file is put in place of whatever is there",
  },
  {
    name: "place-over-unknown",
    file: `${engine}/transfer/fetch.ts`,
    snippet: `    local.content === "known" &&
    base?.contentHash === local.contentHash;`,
    replacement: `    true;`,
    fault: "a file is put in place of one that was edited since",
  },
  {
    name: "gaps-unheard",
    file: `${engine}/transfer/commit-outcome.ts`,
    snippet: `if (!isComplete) context.onGap();`,
    replacement: "",
    fault: "what others committed just before is not asked for",
  },
  {
    name: "cursor-jumps",
    file: `${engine}/feed/remote-feed.ts`,
    snippet: `if (this.#state.cursor === before) this.#state.setSetting("cursor", cursor);`,
    replacement: `this.#state.setSetting("cursor", cursor);`,
    fault: "one's own commit moves the place in the feed past what others did",
  },
  {
    name: "pushes-unordered",
    file: `${engine}/feed/remote-feed.ts`,
    snippet: `if (push.changes === undefined || push.before !== this.#state.cursor) return false;`,
    replacement: `if (push.changes === undefined) return false;`,
    fault: "a push is applied though one before it was lost",
  },
  {
    name: "old-news",
    file: `${engine}/feed/remote-feed.ts`,
    snippet: `if (known && known.sequence >= change.sequence) return;`,
    replacement: "",
    fault: "what comes late replaces what came before",
  },
  {
    name: "unheard-deletions",
    file: `${engine}/feed/remote-feed.ts`,
    snippet: `for (const id of this.#state.remote.ids()) if (!told.has(id)) this.#state.remote.remove(id);`,
    replacement: "",
    fault: "after listing anew, what is not told any more counts as there",
  },
  {
    name: "offers-forgotten",
    file: `${engine}/books/offers.ts`,
    snippet: `if (!isTold) continue;`,
    replacement: `continue;`,
    fault: "one's own change whose answer was lost looks like somebody else's",
  },
  {
    name: "unsettled-books",
    file: `${engine}/run/parts.ts`,
    snippet: `await disk.settle();`,
    replacement: "",
    fault: "the books tell of what a power cut may still undo",
  },
  {
    name: "another-root",
    file: `${engine}/run/sync-engine.ts`,
    snippet: `if (isScanDue || paths.size > 0) await root.check();`,
    replacement: "",
    fault: "another folder in the place of the synced one is synchronised",
  },
  {
    name: "stale-rules",
    file: `${engine}/run/sync-engine.ts`,
    snippet: `      hints.clear();
      await this.#parts.reloadIgnoreRules();`,
    replacement: `      hints.clear();`,
    fault: "ignore rules that no hint told of don't come into force",
  },
  {
    name: "clock-believed",
    file: `${engine}/run/connection.ts`,
    snippet: `Math.max(0, this.#pauseMs - Math.abs(this.#clock.nowMs() - this.#sinceMs))`,
    replacement: `Math.max(0, this.#pauseMs + this.#sinceMs - this.#clock.nowMs())`,
    fault: "a clock that is set back keeps a device offline",
  },
  {
    name: "read-another-inode",
    file: `${engine}/transfer/ingest.ts`,
    snippet: `if (record.inode !== result.stat.inode || record.type`,
    replacement: `if (record.type`,
    fault: "what was read from another file counts as this one's content",
  },
  {
    name: "known-after-move",
    file: `${engine}/transfer/fetch.ts`,
    snippet: `untouched ? { ...seen, content: "known", contentHash } : seen`,
    replacement: `{ ...seen, content: "known", contentHash }`,
    fault: "what somebody wrote into a file just placed counts as what was placed",
  },
  {
    name: "half-deleted",
    file: `${engine}/apply/delete-local.ts`,
    snippet: `if (error.code === "not_empty" && !(await holdsOnlyIgnored(context, path))) {`,
    replacement: `if (error.code === "not_empty" && path === "") {`,
    fault: "a folder counts as gone though somebody made something in it",
  },
];

export const mutations: readonly Mutation[] = [...plannerMutations, ...engineMutations];
