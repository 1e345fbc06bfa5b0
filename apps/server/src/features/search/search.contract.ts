import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  idPartBytes,
  makeWorkspaceId,
  type DeviceId,
  type EntryId,
  type SearchResponse,
  type WorkspaceId,
} from "@satchel/protocol";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { createInProcessCache } from "../../storage/cache/in-process-cache.ts";
import { WorkspaceFixture } from "../../storage/metadata/contract/workspace-fixture.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { SearchIndex } from "../../storage/search/search-index.ts";
import { createAuthorisation, type Caller } from "../authorisation/authorisation.ts";
import { startIndexer, type Indexer } from "./indexer.ts";
import { createSearch, maxUnindexed, type Search } from "./search.ts";
import { nothing } from "./search-request.fixture.ts";
import type { SearchRequest } from "./sought.ts";

/** What search does, over any metadata store and any index. */
export function searchContract(
  name: string,
  open: () => Promise<{ readonly metadata: MetadataStore; readonly index: SearchIndex }>,
): void {
  describe(`search on ${name}`, () => {
    let metadata: MetadataStore;
    let index: SearchIndex;
    let search: Search;
    let indexer: Indexer;
    before(async () => {
      ({ metadata, index } = await open());
      const bus = createInProcessBus({ onListenerError: fail });
      const cache = createInProcessCache<never>({ timeToLiveMs: 0, maxEntries: 10, nowMs: () => 0 });
      const authorisation = createAuthorisation({ store: metadata.access, cache, bus });
      search = createSearch({ index, metadata, authorisation });
      // It runs when a test says so: time stands still.
      const host = { nowMs: () => 0, randomBytes, after: () => () => {} };
      indexer = startIndexer({ index, metadata, bus, host, onFailure: fail });
    });
    after(async () => {
      await indexer.stop();
      await index.close();
      await metadata.close();
    });

    const callerOf = (ws: WorkspaceFixture): Caller => ({
      accountId: ws.accountId,
      deviceId: "device" as DeviceId,
      userName: `user-${ws.workspaceId}`,
      email: "user@example.org",
      rootWorkspaceId: ws.workspaceId,
      isAdmin: false,
      scopes: null,
      right: "files.read",
    });
    const ask = (ws: WorkspaceFixture, request: Partial<SearchRequest>): Promise<SearchResponse> =>
      search.find(callerOf(ws), { ...nothing, ...request });
    const paths = async (ws: WorkspaceFixture, request: Partial<SearchRequest> | string): Promise<string[]> => {
      const { results } = await ask(ws, typeof request === "string" ? { text: request } : request);
      return results.map(({ path }) => path);
    };
    /** The same before the index has seen anything, and after. */
    const bothWays = async (ws: WorkspaceFixture, request: Partial<SearchRequest> | string): Promise<string[]> => {
      const unindexed = await paths(ws, request);
      await indexer.catchUp();
      const indexed = await paths(ws, request);
      assert.deepEqual(indexed.toSorted(), unindexed.toSorted());
      return indexed;
    };
    const share = async (ws: WorkspaceFixture, folderId: EntryId): Promise<WorkspaceId> => {
      const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
      const author = { accountId: ws.accountId, deviceId: null };
      await metadata.shares.create({ folderId, workspaceId, author, nowMs: ws.nowMs });
      return workspaceId;
    };
    const join = async (owner: WorkspaceFixture, workspaceId: WorkspaceId): Promise<WorkspaceFixture> => {
      const ws = await WorkspaceFixture.create(metadata);
      const inviteeKey = `account:${ws.accountId}` as const;
      const { nowMs, accountId } = ws;
      await metadata.shares.invite({ workspaceId, inviteeKey, role: "viewer", invitedBy: owner.accountId, nowMs });
      const author = { accountId, deviceId: null };
      const request = { workspaceId, accountId, keys: [inviteeKey], parentId: ws.root, name: undefined, author, nowMs };
      await metadata.shares.accept(request);
      return ws;
    };

    test("[SR1] names are found by any of their words, at once and when they are indexed", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const folder = await ws.makeFolder("Travel plans");
      await ws.makeFile("Plan for Rome.odt", folder);
      await ws.makeFile("budget.ods", folder);
      assert.deepEqual(await bothWays(ws, "plan"), ["/Travel plans/Plan for Rome.odt", "/Travel plans"]);
      assert.deepEqual(await bothWays(ws, "dget"), ["/Travel plans/budget.ods"]);
      assert.deepEqual(await bothWays(ws, "bugdet"), ["/Travel plans/budget.ods"]);
      assert.deepEqual(await bothWays(ws, "rome plan"), ["/Travel plans/Plan for Rome.odt"]);
      assert.deepEqual(await bothWays(ws, "paris"), []);
    });

    test("[SR3] what fits better comes first, and what was named last comes first among equals", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const names = ["an import.txt", "port.txt", "porto.txt", "old port.txt", "prot.txt", "ports.txt"];
      for (const each of names) await ws.makeFile(each);
      await indexer.catchUp();
      const { results } = await ask(ws, { text: "port" });
      assert.deepEqual(
        results.map((result) => [result.name, result.match]),
        [
          ["port.txt", "whole"],
          ["ports.txt", "beginning"],
          ["porto.txt", "beginning"],
          ["old port.txt", "words"],
          ["an import.txt", "parts"],
          ["prot.txt", "similar"],
        ],
      );
      assert.deepEqual(results[3]?.found, [[4, 8]]);
    });

    test("[SR2] a new name, a move, an edit and a deletion show in the next answer, whatever the index knows", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const file = await ws.makeFile("draft.txt");
      const folder = await ws.makeFolder("letters");
      await indexer.catchUp();
      const { parent_id, name } = await ws.state(file);
      assert.ok(parent_id);
      const base = { base_parent_id: parent_id, base_name: name };
      await ws.done({ op: "move", id: file, parent_id: folder, name: "final.txt", ...base });
      assert.deepEqual(await paths(ws, "draft"), []);
      assert.deepEqual(await bothWays(ws, "final"), ["/letters/final.txt"]);
      await ws.edit(file, ["a longer text"]);
      const { results } = await ask(ws, { text: "final" });
      assert.deepEqual([results.length, results[0]?.size], [1, "a longer text".length]);
      await ws.remove(folder);
      assert.deepEqual(await bothWays(ws, "final"), []);
    });

    test("[SR9] what lay in a deleted folder leaves the index, what was moved out of it in time stays, and what comes back is found again", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const folder = await ws.makeFolder("attic");
      const inner = await ws.makeFolder("box", folder);
      await ws.makeFile("lamp.txt", inner);
      const saved = await ws.makeFolder("saved lamps", folder);
      await ws.makeFile("lamp shade.txt", saved);
      await indexer.catchUp();
      await ws.done({
        op: "move",
        id: saved,
        parent_id: ws.root,
        name: "saved lamps",
        base_parent_id: folder,
        base_name: "saved lamps",
      });
      await ws.remove(folder);
      await ws.done({
        op: "move",
        id: saved,
        parent_id: ws.root,
        name: "lamps",
        base_parent_id: ws.root,
        base_name: "saved lamps",
      });
      assert.deepEqual((await bothWays(ws, "lamp")).toSorted(), ["/lamps", "/lamps/lamp shade.txt"]);
      const known = { workspaceId: ws.workspaceId, parents: [inner], after: undefined, limit: 10 };
      assert.deepEqual(await index.listChildren(known), []);
      const author = { accountId: ws.accountId, deviceId: null };
      const asItWas = { versionId: undefined, atMs: undefined, idempotency: undefined };
      await metadata.history.restore({ id: folder, author, nowMs: ws.nowMs, ...asItWas });
      assert.equal((await bothWays(ws, "lamp")).length, 3);
    });

    test("[SR6] filters by kind, size, time, folder, owner and sharing, alone and with words", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const folder = await ws.makeFolder("pictures");
      await ws.makeFile("sea.jpg", folder, ["small"]);
      await ws.makeFile("sea.mp4", ws.root, ["very much larger"]);
      await ws.makeFile("sea.txt", ws.root, ["text"]);
      const since = (from: string) => ({ text: "sea", modified: { from, to: undefined } });
      for (const _ of ["before it is indexed", "after"]) {
        const found = async (request: Partial<SearchRequest>) => (await paths(ws, request)).toSorted();
        assert.deepEqual(await found({ text: "sea", kinds: ["image", "video"] }), ["/pictures/sea.jpg", "/sea.mp4"]);
        assert.deepEqual(await found({ text: "sea", size: { from: 10, to: undefined } }), ["/sea.mp4"]);
        assert.deepEqual(await found({ size: { from: undefined, to: 5 } }), ["/pictures/sea.jpg", "/sea.txt"]);
        assert.deepEqual(await found({ kinds: ["folder"] }), ["/pictures"]);
        assert.deepEqual(await found({ text: "sea", folder }), ["/pictures/sea.jpg"]);
        assert.equal((await found(since("2026-01-02T03:04:05.678Z"))).length, 3);
        assert.deepEqual(await found(since("2026-01-02T03:04:05.679Z")), []);
        await indexer.catchUp();
      }
      const workspaceId = await share(ws, folder);
      const owner = `USER-${ws.workspaceId}`;
      const member = await join(ws, workspaceId);
      await member.makeFile("sea too.txt");
      for (const _ of ["before it is indexed", "after"]) {
        assert.deepEqual(await paths(ws, { text: "sea", shared: true }), ["/pictures/sea.jpg"]);
        assert.deepEqual((await paths(ws, { text: "sea", shared: false })).toSorted(), ["/sea.mp4", "/sea.txt"]);
        assert.deepEqual(await paths(member, { text: "sea", owner }), ["/pictures/sea.jpg"]);
        assert.deepEqual(await paths(member, { text: "sea", owner: "nobody" }), []);
        assert.deepEqual(await paths(ws, { text: "sea", owner: "nobody" }), []);
        await indexer.catchUp();
      }
    });

    test("[SR8] the answer has what the caller may see at that moment: nothing of strangers, shared folders while they are members", async () => {
      const owner = await WorkspaceFixture.create(metadata);
      const folder = await owner.makeFolder("shared secrets");
      await owner.makeFile("secret recipe.txt", folder);
      await owner.makeFile("secret of the owner.txt");
      await indexer.catchUp();
      const workspaceId = await share(owner, folder);
      const stranger = await WorkspaceFixture.create(metadata);
      const member = await join(owner, workspaceId);
      assert.deepEqual(await bothWays(stranger, "secret"), []);
      assert.deepEqual((await bothWays(member, "secret")).toSorted(), [
        "/shared secrets",
        "/shared secrets/secret recipe.txt",
      ]);
      assert.equal((await bothWays(owner, "secret")).length, 3);
      await assert.rejects(ask(stranger, { text: "secret", folder }), { code: "not_found" });
      await assert.rejects(ask(member, { text: "secret", folder }), { code: "not_found" });
      const { accountId, nowMs } = member;
      const author = { accountId: owner.accountId, deviceId: null };
      await metadata.shares.removeMember({ workspaceId, accountId, author, nowMs });
      assert.deepEqual(await bothWays(member, "secret"), []);
    });

    test("[SR7] page after page gives everything once, best first", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const operations = Array.from(
        { length: 60 },
        (_, number) =>
          ({
            op: "create_folder" as const,
            id: ws.newId(),
            parent_id: ws.root,
            name: number % 3 === 0 ? `tree ${number}` : `a tree ${number}`,
          }) as const,
      );
      await ws.commit(operations);
      await indexer.catchUp();
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await ask(ws, { text: "tree", limit: 7, cursor });
        assert.ok(page.results.length <= 7 && page.complete);
        found.push(...page.results.map((result) => result.name));
        cursor = page.cursor ?? undefined;
      } while (cursor !== undefined);
      assert.deepEqual(found.toSorted(), operations.map((each) => each.name).toSorted());
      assert.ok(found.slice(0, 20).every((each) => each.startsWith("tree")));
      await assert.rejects(ask(ws, { text: "tree", cursor: "nonsense" }), { code: "bad_request" });
    });

    test("[SR10] an index that is far behind says so, and goes on from where it stood", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const make = (from: number) =>
        Array.from(
          { length: maxUnindexed / 2 },
          (_, number) =>
            ({ op: "create_folder", id: ws.newId(), parent_id: ws.root, name: `stone ${from + number}` }) as const,
        );
      await ws.commit(make(0));
      await ws.commit(make(maxUnindexed / 2));
      assert.equal((await ask(ws, { text: "stone 7" })).complete, false);
      assert.deepEqual(await paths(ws, "stone 999"), ["/stone 999"]);
      await indexer.catchUp();
      assert.equal((await ask(ws, { text: "stone 7" })).complete, true);
      assert.deepEqual(await paths(ws, "stone 7").then((found) => found[0]), "/stone 7");
    });

    test("[SR9] a part that another server has brought further is left alone, and a workspace that is gone is forgotten", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      await ws.makeFile("one.txt");
      await indexer.catchUp();
      const { workspaceId } = ws;
      const [position] = await index.positions([workspaceId]);
      assert.ok(position);
      const update = { workspaceId, put: [], remove: [], after: { ...position, sequence: 99 } };
      assert.equal(await index.apply({ ...update, before: undefined }), false);
      assert.deepEqual((await index.positions([workspaceId]))[0], position);
      const gone = makeWorkspaceId(randomBytes(idPartBytes));
      await index.apply({ ...update, workspaceId: gone, before: undefined });
      await indexer.catchUp();
      assert.deepEqual(await index.positions([gone]), [undefined]);
    });

    test("[SR9] an index of another time line, such as from before a restore, is made anew", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      await ws.makeFile("clock.txt");
      const { workspaceId } = ws;
      const after = { sequence: 500, epoch: "another" };
      await index.apply({ workspaceId, before: undefined, put: [], remove: [], after });
      await indexer.catchUp();
      assert.deepEqual(await paths(ws, "clock"), ["/clock.txt"]);
      assert.equal((await index.positions([workspaceId]))[0]?.sequence, (await ws.head()).sequence);
    });

    test("[SR6] without a word or a filter nothing is searched for", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      for (const text of [undefined, "", "  ", "--", "?"])
        await assert.rejects(ask(ws, { text }), { code: "bad_request" });
      await assert.rejects(ask(ws, { text: "?", kinds: ["image"] }), { code: "bad_request" });
    });
  });
}

function fail(error: unknown): never {
  throw error;
}
