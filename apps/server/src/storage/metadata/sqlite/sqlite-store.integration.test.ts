import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { DatabaseSync } from "node:sqlite";
import { ProblemError } from "@satchel/protocol";
import { temporaryDirectory, type TemporaryDirectory } from "@satchel/testkit";
import { metadataStoreContract } from "../contract/metadata-store.contract.ts";
import { WorkspaceFixture } from "../contract/workspace-fixture.ts";
import { latestSchema } from "../migrations/migrate.ts";
import { openSqliteMetadataStore } from "./open-sqlite-store.ts";

describe("SQLite in a worker", () => {
  let directory: TemporaryDirectory;
  before(async () => {
    directory = await temporaryDirectory("metadata");
  });
  after(async () => {
    await directory.remove();
  });

  metadataStoreContract("SQLite in a worker", () => openSqliteMetadataStore({ path: directory.join("contract.db") }), {
    keepsOutbox: false,
  });

  test("problems cross the thread with their code and what belongs to it", async () => {
    const store = await openSqliteMetadataStore({ path: directory.join("problems.db") });
    const ws = await WorkspaceFixture.create(store);
    await assert.rejects(
      store.tree.listFolder({ folderId: ws.newId(), after: undefined, limit: 1 }),
      (error) => error instanceof ProblemError && error.code === "not_found",
    );
    await store.close();
    await store.close();
    await assert.rejects(store.ping(), { code: "unavailable" });
  });

  test("commits that wait together are all answered, each with its own sequence", async () => {
    const store = await openSqliteMetadataStore({ path: directory.join("group.db") });
    const ws = await WorkspaceFixture.create(store);
    const names = Array.from({ length: 100 }, (_, index) => `folder ${index % 90}`);
    const outcomes = await Promise.all(
      names.map((name) =>
        ws.commit([{ op: "create_folder", id: ws.newId(), parent_id: ws.root, name }], { seenSequence: 0 }),
      ),
    );
    const results = outcomes.flatMap((outcome) => outcome.results);
    const sequences = results.flatMap((result) => (result.status === "done" ? [result.sequence] : []));
    assert.deepEqual(
      sequences.toSorted((a, b) => a - b),
      Array.from({ length: 90 }, (_, index) => index + 1),
    );
    assert.equal(results.filter((result) => result.status === "failed" && result.code === "name_taken").length, 10);
    await store.close();
  });

  test("[MD65] under load reads have a thread of their own, which sees all that was answered before", async () => {
    const store = await openSqliteMetadataStore({ path: directory.join("reading.db") });
    const ws = await WorkspaceFixture.create(store);
    const ask = async (): Promise<void> => {
      const { sequence } = await ws.done({
        op: "create_folder",
        id: ws.newId(),
        parent_id: ws.root,
        name: ws.newId(),
      });
      const [head, page] = await Promise.all([
        store.tree.head(ws.workspaceId),
        store.tree.listFolder({ folderId: ws.root, after: undefined, limit: 1000 }),
      ]);
      assert.ok(head.sequence >= sequence, `${head.sequence} was read after ${sequence} was answered`);
      assert.ok(page.entries.length >= sequence);
    };
    // Sixteen at a time: the reading thread is started by the first of them, and the later ones ask it.
    for (let round = 0; round < 12; round += 1) await Promise.all(Array.from({ length: 16 }, ask));
    await assert.rejects(store.tree.listFolder({ folderId: ws.newId(), after: undefined, limit: 1 }), {
      code: "not_found",
    });
    await store.close();
    await assert.rejects(store.tree.head(ws.workspaceId), { code: "unavailable" });
  });

  test("another process, such as an admin command, writes to the same file", async () => {
    const path = directory.join("shared.db");
    const [one, other] = [await openSqliteMetadataStore({ path }), await openSqliteMetadataStore({ path })];
    const ws = await WorkspaceFixture.create(one);
    const same = await WorkspaceFixture.create(other);
    const make = (each: WorkspaceFixture) => each.makeFolder(each.newId());
    await Promise.all(Array.from({ length: 20 }, (_, index) => make(index % 2 ? ws : same)));
    assert.equal((await other.tree.head(ws.workspaceId)).sequence, 10);
    await Promise.all([one.close(), other.close()]);
  });

  test("[MD62] a database of a newer program is refused, and not changed", async () => {
    const path = directory.join("newer.db");
    await (await openSqliteMetadataStore({ path })).close();
    const raw = new DatabaseSync(path);
    raw.exec(`UPDATE schema_version SET version = ${latestSchema + 1}`);
    raw.close();
    await assert.rejects(openSqliteMetadataStore({ path }), {
      name: "DatabaseNewerError",
      versions: { database: latestSchema + 1, program: latestSchema },
    });
  });

  test("[MD63] what was answered is there after the process was killed", async () => {
    const path = directory.join("killed.db");
    const child = fork(new URL("./killed-writer.ts", import.meta.url), [path]);
    const answered: { id: string; sequence: number }[] = [];
    let workspaceId = "";
    child.on("message", (message: { workspaceId: string; id: string; sequence: number }) => {
      workspaceId = message.workspaceId;
      answered.push(message);
      if (answered.length === 25) child.kill("SIGKILL");
    });
    await once(child, "exit");
    const store = await openSqliteMetadataStore({ path });
    const [id = assert.fail()] = await store.maintenance.listWorkspaces({ after: undefined, limit: 1 });
    assert.equal(id, workspaceId);
    const { changes } = await store.tree.changesSince({ workspaceId: id, after: undefined, limit: 1000 });
    const stored = new Map(changes.map((state) => [state.id as string, state.sequence]));
    for (const { id, sequence } of answered) assert.equal(stored.get(id), sequence);
    assert.deepEqual((await store.maintenance.check(id)).problems, []);
    await store.close();
  });
});
