import type { ManifestChunk } from "@satchel/chunking";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { grant } from "../ledger/ledger.ts";
import type { ChunkSize } from "../ledger-store.ts";
import { listParameter, listTable } from "../sql/list-table.ts";
import { lookUp } from "../sql/look-up.ts";
import { defineInsert, type SqlSession } from "../sql/sql-database.ts";

interface HeldChunk {
  readonly sizeBytes: number;
  references: number;
}

const addReferences = defineInsert(
  "workspace_chunks",
  { workspace_id: "text", chunk_hash: "bytes", size: "int", reference_count: "int", touched_at_ms: "int" },
  `ON CONFLICT (workspace_id, chunk_hash) DO UPDATE SET reference_count = workspace_chunks.reference_count + excluded.reference_count`,
);

/** How often versions of the workspace refer to each chunk, as the running transaction has changed it so far. */
export class ChunkCounts {
  readonly #session: SqlSession;
  readonly #workspaceId: WorkspaceId;
  readonly #held = new Map<ChunkHash, HeldChunk>();
  #added = new Map<ChunkHash, { sizeBytes: number; count: number }>();

  constructor(session: SqlSession, workspaceId: WorkspaceId) {
    this.#session = session;
    this.#workspaceId = workspaceId;
  }

  /** Makes chunks known, and keeps those that are held from being released until the transaction ends. */
  async load(hashes: Iterable<ChunkHash>): Promise<void> {
    const unknown = [...new Set(hashes)].filter((hash) => !this.#held.has(hash));
    if (unknown.length === 0) return;
    const wanted = listTable(this.#session.dialect, "$2", "wanted", { hash: "bytes", place: "int" });
    const held = lookUp(this.#session.dialect, {
      table: "workspace_chunks c",
      where: "c.workspace_id = $1 AND c.chunk_hash = wanted.hash",
      lock: true,
    });
    const rows = await this.#session.all<{ place: number; size: number; reference_count: number }>(
      `SELECT wanted.place, c.size, c.reference_count FROM ${wanted} ${held}`,
      [this.#workspaceId, listParameter(unknown.map((hash, place) => ({ hash, place })))],
    );
    for (const { place, size, reference_count } of rows) {
      const hash = unknown[place];
      if (hash !== undefined) this.#held.set(hash, { sizeBytes: size, references: reference_count });
    }
  }

  /**
   * Lets the workspace hold chunks that came with the transaction. Their rows are written once, by {@link flush}, with the references that they have by then: each by itself would go into the index of what nobody
   * refers to, and out of it again.
   */
  async grant(chunks: readonly ChunkSize[], nowMs: number): Promise<void> {
    await this.load(chunks.map(({ hash }) => hash));
    const again = chunks.filter(({ hash }) => this.#held.has(hash));
    for (const { hash, sizeBytes } of chunks) {
      if (this.#held.has(hash)) continue;
      this.#held.set(hash, { sizeBytes, references: 0 });
      this.#added.set(hash, { sizeBytes, count: 0 });
    }
    if (again.length > 0) await grant(this.#session, this.#workspaceId, again, nowMs);
  }

  /** Undefined when the workspace does not hold the chunk. */
  find(hash: ChunkHash): HeldChunk | undefined {
    return this.#held.get(hash);
  }

  /** One more version refers to these distinct chunks. Answers how many bytes are used now that were not before. */
  addVersion(chunks: readonly ManifestChunk[]): number {
    let newBytes = 0;
    for (const { hash, sizeBytes } of chunks) {
      const held = this.#held.get(hash);
      // A chunk that was not loaded is one of an existing version: somebody refers to it already.
      if (held) {
        if (held.references === 0) newBytes += sizeBytes;
        held.references += 1;
      }
      const added = this.#added.get(hash);
      this.#added.set(hash, { sizeBytes, count: (added?.count ?? 0) + 1 });
    }
    return newBytes;
  }

  /** One version less refers to these distinct chunks, which were loaded. Answers how many bytes are used no more. */
  removeVersion(chunks: readonly ManifestChunk[]): number {
    let freedBytes = 0;
    for (const { hash, sizeBytes } of chunks) {
      const held = this.#held.get(hash);
      // What the ledger lost already is for a check to find; counting it down would only hide it.
      if (!held) continue;
      held.references -= 1;
      if (held.references === 0) freedBytes += sizeBytes;
      const added = this.#added.get(hash);
      this.#added.set(hash, { sizeBytes, count: (added?.count ?? 0) - 1 });
    }
    return freedBytes;
  }

  async flush(nowMs: number): Promise<void> {
    const added = this.#added;
    this.#added = new Map();
    // In the order of their hashes, as everywhere, so that two who write the same ones wait for each other instead of deadlocking.
    await this.#session.insert(
      addReferences,
      [...added]
        .toSorted(byHash)
        .map(([hash, { sizeBytes, count }]) => [this.#workspaceId, Uint8Array.fromHex(hash), sizeBytes, count, nowMs]),
    );
  }
}

function byHash([one]: [ChunkHash, unknown], [other]: [ChunkHash, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
