import type { CommitOperation, CommitResult, EntryId, EntryState, VersionId } from "@satchel/protocol";

interface ModelEntry {
  parentId: EntryId;
  name: string;
  readonly type: "file" | "folder";
  /** Its content, time and mode in one text. */
  content: string;
  version: VersionId | null;
  isDeleted: boolean;
  sequence: number;
}

/** What commits do to a tree, said as simply as can be: a map of entries, and every question a walk over it. For tests to compare the store with. */
export class ModelTree {
  readonly #root: EntryId;
  readonly #entries = new Map<EntryId, ModelEntry>();
  #head = 0;

  constructor(root: EntryId) {
    this.#root = root;
  }

  /** Answers `done SEQUENCE` or the problem's code for each operation. New versions' ids are taken from the store's own results. */
  commit(operations: readonly CommitOperation[], seenSequence: number, results: readonly CommitResult[]): string[] {
    const before = new Map([...this.#entries].map(([id, entry]) => [id, entry.sequence]));
    return operations.map((operation, index) => {
      const result = results[index];
      const version = result?.status === "done" ? result.version_id : null;
      const outcome = this.#apply(operation, { before, seenSequence, version });
      return typeof outcome === "string" ? outcome : `done ${outcome.sequence}`;
    });
  }

  versionOf(id: EntryId): VersionId | null {
    return this.#entries.get(id)?.version ?? null;
  }

  placeOf(id: EntryId): { parentId: EntryId; name: string } | undefined {
    return this.#entries.get(id);
  }

  paths(): string[] {
    const living = [...this.#entries.keys()].filter((id) => this.#isAlive(id));
    return living.map((id) => this.#path(id)).toSorted();
  }

  /** As much of the states as a listener's tree needs. */
  livingStates(): EntryState[] {
    const living = [...this.#entries].filter(([id]) => this.#isAlive(id));
    return living.map(([id, { parentId, name }]) => ({ id, parent_id: parentId, name, deleted: false }) as EntryState);
  }

  #apply(
    operation: CommitOperation,
    batch: { before: ReadonlyMap<EntryId, number>; seenSequence: number; version: VersionId | null },
  ): ModelEntry | string {
    switch (operation.op) {
      case "create_file":
        return this.#create(operation, "file", { content: contentText(operation.content), version: batch.version });
      case "create_folder":
        return this.#create(operation, "folder", { content: "", version: null });
      case "edit_file":
        return this.#edit(operation, batch.version);
      case "merge_file":
        return this.#merge(operation, batch.version);
      case "touch":
        return this.#touch(operation, batch.version);
      case "move":
        return this.#move(operation);
      case "delete":
        return this.#delete(operation.id, batch);
      default:
        throw new Error(`the model knows no ${operation.op}`);
    }
  }

  #create(
    { id, parent_id: parentId, name }: { id: EntryId; parent_id: EntryId; name: string },
    type: "file" | "folder",
    { content, version }: { content: string; version: VersionId | null },
  ): ModelEntry | string {
    const existing = this.#entries.get(id);
    if (existing && this.#isAlive(id)) {
      const isSame = existing.type === type && existing.parentId === parentId && existing.name === name;
      return isSame && existing.content === content ? existing : "id_taken";
    }
    if (existing && existing.type !== type) return "id_taken";
    if (!this.#isFolder(parentId)) return "not_found";
    if (this.#holder(parentId, name, id)) return "name_taken";
    const entry = { parentId, name, type, content, version, isDeleted: false, sequence: this.#next() };
    this.#entries.set(id, entry);
    if (existing) this.#deleteChildren(id);
    return entry;
  }

  /** In the order of their ids. */
  #deleteChildren(folderId: EntryId): void {
    const children = [...this.#entries].filter(([, entry]) => entry.parentId === folderId && !entry.isDeleted);
    for (const [, child] of children.toSorted(([one], [other]) => (one < other ? -1 : 1)))
      Object.assign(child, { isDeleted: true, sequence: this.#next() });
  }

  #merge(operation: Extract<CommitOperation, { op: "merge_file" }>, version: VersionId | null): ModelEntry | string {
    const both = this.#edit({ ...operation, op: "edit_file" }, version);
    // Its other parent had a sequence of its own.
    return typeof both === "string" ? both : Object.assign(both, { sequence: this.#next() });
  }

  #edit(operation: Extract<CommitOperation, { op: "edit_file" }>, version: VersionId | null): ModelEntry | string {
    const entry = this.#living(operation.id);
    if (entry?.type !== "file") return "not_found";
    if (entry.version !== operation.base_version_id) return "version_conflict";
    return Object.assign(entry, { content: contentText(operation.content), version, sequence: this.#next() });
  }

  #touch(
    { id, modified, executable }: { id: EntryId; modified: string; executable: boolean },
    version: VersionId | null,
  ): ModelEntry | string {
    const entry = this.#living(id);
    if (entry?.type !== "file") return "not_found";
    const [hash = ""] = entry.content.split(" ");
    const content = contentText({ version_hash: hash, modified, executable });
    if (content === entry.content) return entry;
    return Object.assign(entry, { content, version, sequence: this.#next() });
  }

  #move(operation: Extract<CommitOperation, { op: "move" }>): ModelEntry | string {
    const { id, parent_id: parentId, name } = operation;
    const entry = this.#living(id);
    if (!entry) return "not_found";
    if (entry.parentId === parentId && entry.name === name) return entry;
    if (entry.parentId !== operation.base_parent_id || entry.name !== operation.base_name) return "place_conflict";
    if (!this.#isFolder(parentId)) return "not_found";
    if (this.#line(parentId).includes(id)) return "cycle";
    if (this.#holder(parentId, name, id)) return "name_taken";
    return Object.assign(entry, { parentId, name, sequence: this.#next() });
  }

  #delete(
    id: EntryId,
    { before, seenSequence }: { before: ReadonlyMap<EntryId, number>; seenSequence: number },
  ): ModelEntry | string {
    const entry = this.#entries.get(id);
    if (!entry) return "not_found";
    if (!this.#isAlive(id)) return entry;
    const inside = [...this.#entries.keys()].filter((each) => this.#isAlive(each) && this.#line(each).includes(id));
    if (inside.some((each) => (before.get(each) ?? 0) > seenSequence)) return "changed_since";
    return Object.assign(entry, { isDeleted: true, sequence: this.#next() });
  }

  #living(id: EntryId): ModelEntry | undefined {
    return this.#isAlive(id) ? this.#entries.get(id) : undefined;
  }

  #isFolder(id: EntryId): boolean {
    return id === this.#root || this.#living(id)?.type === "folder";
  }

  #holder(parentId: EntryId, name: string, besides: EntryId): boolean {
    return [...this.#entries].some(
      ([id, entry]) => id !== besides && entry.parentId === parentId && entry.name === name && !entry.isDeleted,
    );
  }

  #isAlive(id: EntryId): boolean {
    return this.#entries.has(id) && this.#line(id).every((each) => !this.#entries.get(each)?.isDeleted);
  }

  /** The entry and the folders above it, without the root. */
  #line(id: EntryId): EntryId[] {
    const entry = this.#entries.get(id);
    return entry ? [id, ...this.#line(entry.parentId)] : [];
  }

  #path(id: EntryId): string {
    const names = this.#line(id).map((each) => this.#entries.get(each)?.name ?? "");
    return `/${names.toReversed().join("/")}`;
  }

  #next(): number {
    this.#head += 1;
    return this.#head;
  }
}

function contentText(content: { version_hash: string; modified: string; executable: boolean }): string {
  return `${content.version_hash} ${content.modified} ${content.executable}`;
}
