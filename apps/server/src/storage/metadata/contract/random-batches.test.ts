import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import type { CommitOperation, CommittedContent, EntryId, EntryState, VersionId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { openInThreadMetadataStore } from "../sqlite/open-in-thread.ts";
import { ModelTree } from "./model-tree.ts";
import { livingPaths, WorkspaceFixture } from "./workspace-fixture.ts";

/** Small numbers make collisions: of ids, of names, of folders that move into each other. The first few entries are folders. */
const entryCount = 8;
const folderCount = 5;
const names = ["a", "b", "c"];

const anEntry = fc.nat(entryCount - 1);
/** -1 is the root; some are files, which can't hold anything. */
const aParent = fc.integer({ min: -1, max: folderCount });
const isMostlyTrue = fc.nat(9).map((number) => number > 0);
const aName = fc.constantFrom(...names);

/** An operation with numbers for entries. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant("create" as const),
      id: anEntry,
      parent: aParent,
      name: aName,
      text: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constantFrom("edit_file" as const, "merge_file" as const),
      id: anEntry,
      isCurrent: isMostlyTrue,
      text: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("touch" as const), id: anEntry, executable: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("move" as const),
      id: anEntry,
      parent: aParent,
      name: aName,
      isCurrent: isMostlyTrue,
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("delete" as const), id: anEntry }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const batches = fc.array(
  fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 10 }), behind: fc.nat(8), listeners: fc.boolean() }),
  { minLength: 4, maxLength: 20 },
);

let store: MetadataStore;
before(async () => {
  store = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
});
after(async () => {
  await store.close();
});

test("[MD2] [MD10] random batches give what a simple model gives, and every listener ends with its tree", async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (script) => {
      const run = await Run.start(store);
      for (const { steps, behind, listeners } of script) {
        await run.commit(steps, behind);
        if (listeners) run.listen();
      }
      await run.compare();
    }),
    { numRuns: testRuns(60) },
  );
});

/** One script on one workspace, beside its model. */
class Run {
  readonly #ws: WorkspaceFixture;
  readonly #model: ModelTree;
  readonly #ids: EntryId[];
  readonly #contents: CommittedContent[];
  /** Where listeners started, each with what it was told before. */
  readonly #listeners: { sequence: number; states: EntryState[] }[] = [];
  #head = 0;

  private constructor(ws: WorkspaceFixture, contents: CommittedContent[]) {
    this.#ws = ws;
    this.#contents = contents;
    this.#ids = Array.from({ length: entryCount }, () => ws.newId());
    this.#model = new ModelTree(ws.root);
  }

  static async start(store: MetadataStore): Promise<Run> {
    const ws = await WorkspaceFixture.create(store);
    return new Run(ws, [await ws.content(["0"]), await ws.content(["1"]), await ws.content([])]);
  }

  async commit(steps: readonly Step[], behind: number): Promise<void> {
    const operations = steps.map((each) => this.#operation(each));
    const seenSequence = Math.max(0, this.#head - behind);
    const { results, after } = await this.#ws.commit(operations, { seenSequence });
    const expected = this.#model.commit(operations, seenSequence, results);
    const outcomes = results.map((result) => (result.status === "done" ? `done ${result.sequence}` : result.code));
    assert.deepEqual(outcomes, expected);
    this.#head = after.sequence;
  }

  /** Remembers what a device that synchronised just now would know. */
  listen(): void {
    this.#listeners.push({ sequence: this.#head, states: this.#model.livingStates() });
  }

  async compare(): Promise<void> {
    const expected = this.#model.paths();
    for (const limit of [1, 3, 100]) assert.deepEqual(livingPaths(await this.#ws.changes(undefined, limit)), expected);
    for (const { sequence, states } of this.#listeners) {
      const told = await this.#ws.changes({ sequence, epoch: this.#ws.epoch }, 2);
      assert.deepEqual(livingPaths([...states, ...told]), expected);
    }
    const { problems } = await this.#ws.store.maintenance.check(this.#ws.workspaceId);
    assert.deepEqual(problems, []);
  }

  #operation(each: Step): CommitOperation {
    const id = this.#id(each.id);
    const modified = "2026-03-03T03:03:03.003Z";
    switch (each.op) {
      case "create": {
        const place = { id, parent_id: this.#id(each.parent), name: each.name };
        if (each.id < folderCount) return { op: "create_folder", ...place };
        return { op: "create_file", ...place, content: this.#content(each.text) };
      }
      case "edit_file":
      case "merge_file": {
        const current = this.#model.versionOf(id);
        const base = each.isCurrent && current ? current : ("v0.other" as VersionId);
        const edit = { id, base_version_id: base, content: this.#content(each.text) };
        if (each.op === "edit_file") return { op: each.op, ...edit };
        return { op: each.op, ...edit, merged: { base_version_id: base, content: this.#content((each.text + 1) % 3) } };
      }
      case "touch":
        return { op: each.op, id, modified, executable: each.executable };
      case "move": {
        const place = this.#model.placeOf(id);
        const base_parent_id = (each.isCurrent ? place?.parentId : undefined) ?? this.#ws.root;
        const base_name = (each.isCurrent ? place?.name : undefined) ?? "elsewhere";
        return { op: each.op, id, parent_id: this.#id(each.parent), name: each.name, base_parent_id, base_name };
      }
      case "delete":
        return { op: each.op, id };
    }
  }

  #id(index: number): EntryId {
    return index < 0 ? this.#ws.root : (this.#ids[index] ?? assert.fail());
  }

  #content(index: number): CommittedContent {
    return this.#contents[index] ?? assert.fail();
  }
}
