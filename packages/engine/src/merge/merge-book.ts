import type { EntryId } from "@satchel/protocol";
import { mergeRuleOf } from "@satchel/merge";
import type { SyncedItem } from "@satchel/reconcile";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { LocalRecord, RemoteRecord, StateStore } from "../state/state-store.ts";
import { maxSmallFileBytes } from "../ports/disk.ts";

/** So many conflicts are remembered that could not be merged; more are tried again, and found out again. */
const maxRemembered = 1000;

/** A file that was edited on both sides, and what both started from. */
export interface ConflictingEdits {
  readonly id: EntryId;
  readonly base: SyncedItem;
  readonly local: LocalRecord;
  readonly remote: RemoteRecord;
}

/** Which conflicts are worth trying to merge, and which were tried. */
export class MergeBook {
  readonly #state: StateStore;
  readonly #manifests: ManifestStore;
  readonly #isOn: boolean;
  readonly #failed = new Map<EntryId, string>();

  constructor(state: StateStore, manifests: ManifestStore, { isOn }: { readonly isOn: boolean }) {
    this.#state = state;
    this.#manifests = manifests;
    this.#isOn = isOn;
  }

  /** What may be merged of an entry as it is now: a small text of a kind that has a rule, with a base that the server can be asked for. Undefined: it is to become a conflicted copy. [EN110] */
  find(id: EntryId): ConflictingEdits | undefined {
    if (!this.#isOn) return undefined;
    const [base, local, remote] = [
      this.#state.synced.find(id),
      this.#state.local.find(id),
      this.#state.remote.find(id),
    ];
    if (!base || !local || !remote) return undefined;
    const all = [base, local, remote];
    const edits = { id, base, local, remote };
    const isMergeable =
      mergeRuleOf(local.name) !== undefined &&
      all.every((item) => item.type === "file" && item.contentHash !== null && item.sizeBytes <= maxSmallFileBytes) &&
      this.#canRead(base) &&
      local.content === "known" &&
      this.#failed.get(id) !== keyOf(edits);
    return isMergeable ? edits : undefined;
  }

  #canRead({ contentHash, versionId }: SyncedItem): boolean {
    return versionId !== null || (contentHash !== null && this.#manifests.findPacked(contentHash) !== undefined);
  }

  /** These edits can't be merged, as they are. */
  giveUp(edits: ConflictingEdits): void {
    this.#failed.delete(edits.id);
    this.#failed.set(edits.id, keyOf(edits));
    for (const oldest of this.#failed.keys()) {
      if (this.#failed.size <= maxRemembered) break;
      this.#failed.delete(oldest);
    }
    this.#state.mark(edits.id);
  }
}

function keyOf({ base, local, remote }: ConflictingEdits): string {
  return [base, local, remote].map(({ contentHash }) => contentHash).join(" ");
}
