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
    name: "adopt-unequal",
    file: `${planner}/conflict/match-newcomers.ts`,
    snippet: `} else if (!hasContentOf(mine, theirs)) {`,
    replacement: `} else if (mine.type === "link") {`,
    fault: "two new files of one name are taken for one, whatever is in them",
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
    name: "folders-unneeded",
    file: `${planner}/plan/keep-needed.ts`,
    snippet: `if (at.fate !== "delete") continue;`,
    replacement: `continue;`,
    fault: "a deleted folder does not come back for what is to live in it",
  },
  {
    name: "attributes-unset",
    file: `${planner}/plan/content-operations.ts`,
    snippet: `return hasAttributes(local, attributes) ? undefined : { do: "set_attributes", id, ...attributes };`,
    replacement: `return undefined;`,
    fault: "times and modes set elsewhere are not set here",
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
    name: "place-unlooked",
    file: `${engine}/transfer/fetch.ts`,
    snippet: `const place = (): Promise<DiskStat> => disk.place(temporary, spot.path, spot.expected);`,
    replacement: `const place = async (): Promise<DiskStat> => disk.place(temporary, spot.path, (await disk.stat(spot.path))?.fingerprint ?? null);`,
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
    name: "one-key",
    file: `${engine}/transfer/commit-queue.ts`,
    snippet: `idempotencyKey: encodeIdPart(entropy.bytes(idPartBytes)),`,
    replacement: `idempotencyKey: encodeIdPart(entropy.bytes(idPartBytes).fill(1)),`,
    fault: "all commits of a device look like repetitions of its first",
  },
  {
    name: "stale-rules",
    file: `${engine}/run/loop/sync-engine.ts`,
    snippet: `    hints.clear();
    await this.#parts.reloadIgnoreRules();`,
    replacement: `    hints.clear();`,
    fault: "ignore rules that no hint told of don't come into force",
  },
  {
    name: "clock-believed",
    file: `${engine}/run/outside/connection.ts`,
    snippet: `Math.max(0, this.#pauseMs - Math.abs(this.#clock.nowMs() - this.#sinceMs))`,
    replacement: `Math.max(0, this.#pauseMs + this.#sinceMs - this.#clock.nowMs())`,
    fault: "a clock that is set back keeps a device offline",
  },
  {
    name: "left-out-in-use",
    file: `${engine}/run/work/dispatcher.ts`,
    snippet: ` || this.#parts.exclusions.isAnyPresent;`,
    replacement: `;`,
    fault: "what was in use when it was to leave the disk stays there",
  },
  {
    name: "left-out-is-deleted",
    file: `${engine}/exclude/exclusions.ts`,
    snippet: `    if (!this.isAny) return { plan: plan(state.trees(changed), options), withdrawn: [] };
    const made = planExcluding(state.trees(changed), this.#roots, options);`,
    replacement: `    const made = planExcluding(state.trees(changed), new Set([...this.#roots].filter((id) => state.local.find(id) !== undefined)), options);`,
    fault: "what a device left out counts as deleted once it is off the disk",
  },
  {
    name: "exchanged-once",
    file: "apps/server/src/storage/metadata/identity/refresh-tokens.ts",
    snippet: `if (await isRepetition(session, token, next.tokenHash)) return { outcome: "rotated", device, account };`,
    replacement: ``,
    fault: "an exchange of tokens whose answer was lost can't be repeated",
  },
];

export const mutations: readonly Mutation[] = [...plannerMutations, ...engineMutations];
