import assert from "node:assert/strict";
import { hash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  idPartBytes,
  makeWorkspaceId,
  ProblemError,
  type ChunkHash,
  type WorkspaceId,
  type DeviceId,
  type SearchResponse,
} from "@satchel/protocol";
import { createInProcessBus } from "../../../storage/bus/in-process-bus.ts";
import { createInProcessCache } from "../../../storage/cache/in-process-cache.ts";
import { WorkspaceFixture } from "../../../storage/metadata/contract/workspace-fixture.ts";
import type { MetadataStore } from "../../../storage/metadata/metadata-store.ts";
import type { SearchIndex } from "../../../storage/search/search-index.ts";
import { createAuthorisation } from "../../authorisation/authorisation.ts";
import { startIndexer, type Indexer } from "../indexer.ts";
import { createSearch, type Search } from "../search.ts";
import { nothing } from "../search-request.fixture.ts";
import type { SearchRequest } from "../sought.ts";
import { createTextExtractor } from "./extract/text-extractor.ts";
import { startTextReader, type TextReader } from "./text-reader.ts";
import { createTextlessChunks } from "./textless-chunks.ts";

/** How files are found by what is in them, over any metadata store and any index. */
export function searchTextsContract(
  name: string,
  open: () => Promise<{ readonly metadata: MetadataStore; readonly index: SearchIndex }>,
): void {
  describe(`search in texts on ${name}`, () => {
    /** Chunks, by their hashes. */
    const stored = new Map<ChunkHash, Uint8Array>();
    /** Chunks that can't be had at the moment. */
    const outOfReach = new Set<ChunkHash>();
    /** What was fetched, each question for itself. */
    const fetched: (readonly ChunkHash[])[] = [];
    const textless = createTextlessChunks();
    let metadata: MetadataStore;
    let index: SearchIndex;
    let search: Search;
    let indexer: Indexer;
    let reader: TextReader;
    before(async () => {
      ({ metadata, index } = await open());
      const bus = createInProcessBus({ onListenerError: fail });
      const cache = createInProcessCache<never>({ timeToLiveMs: 0, maxEntries: 10, nowMs: () => 0 });
      const authorisation = createAuthorisation({ store: metadata.access, cache, bus });
      search = createSearch({ index, metadata, authorisation });
      // They run when a test says so: time stands still.
      const host = { nowMs: () => 0, randomBytes, after: () => () => {} };
      indexer = startIndexer({ index, metadata, bus, host, textless, onFailure: fail });
      const read = async (_workspaceId: WorkspaceId, hashes: readonly ChunkHash[]) => {
        fetched.push(hashes);
        // Other tests on the same database have files without chunks.
        return hashes.map((each) =>
          outOfReach.has(each)
            ? fail(new Error("the store is out of reach"))
            : (stored.get(each) ?? fail(new ProblemError("content_damaged"))),
        );
      };
      const extractor = createTextExtractor({ onBroken: fail, limitMs: 120_000 });
      reader = startTextReader({ index, tree: metadata.tree, transfer: { read }, extractor, host, onFailure: fail });
    });
    after(async () => {
      await indexer.stop();
      await reader.stop();
      await index.close();
      await metadata.close();
    });

    const keep = (text: string): string[] => {
      stored.set(hash("sha256", text) as ChunkHash, new TextEncoder().encode(text));
      return [text];
    };
    const ask = (ws: WorkspaceFixture, text: string, more: Partial<SearchRequest> = {}): Promise<SearchResponse> =>
      search.find(
        {
          accountId: ws.accountId,
          deviceId: "device" as DeviceId,
          userName: `user-${ws.workspaceId}`,
          email: "user@example.org",
          rootWorkspaceId: ws.workspaceId,
          isAdmin: false,
          scopes: null,
          right: "files.read",
        },
        { ...nothing, text, ...more },
      );
    const paths = async (...asked: Parameters<typeof ask>): Promise<string[]> =>
      (await ask(...asked)).results.map(({ path }) => path);
    const catchUp = async (): Promise<void> => {
      await indexer.catchUp();
      await reader.catchUp();
    };

    test("[SR14] files are found by the beginnings of words in them, with what stands around them", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      await ws.makeFile("notes.md", ws.root, keep("# Häuser\nThe ÄRGERLICHE roof, <b>leaking</b>, cost 1200."));
      await ws.makeFile("picture.jpg", ws.root, keep("leaking roof"));
      await catchUp();
      for (const words of ["leaking", "leak roof", "arger", "hauser 1200", "notes leaking"])
        assert.deepEqual(await paths(ws, words), ["/notes.md"], words);
      for (const words of ["eaking", "leaking cellar", "lea_king"]) assert.deepEqual(await paths(ws, words), [], words);
      const [found] = (await ask(ws, "argerlich leak")).results;
      assert.equal(found?.match, "content");
      assert.equal(found.snippet?.text, "# Häuser The ÄRGERLICHE roof, <b>leaking</b>, cost 1200.");
      const marked = found.snippet.found.map(([from, to]) => found.snippet?.text.slice(from, to));
      assert.deepEqual(marked, ["ÄRGERLICH", "leak"]);
    });

    test("[SR14] scripts without spaces are found by any of their characters that stand together", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      await ws.makeFile("a.txt", ws.root, keep("来年の家族旅行は京都です。"));
      await ws.makeFile("b.txt", ws.root, keep("京 都 家 族"));
      await catchUp();
      assert.deepEqual(await paths(ws, "家族旅行"), ["/a.txt"]);
      assert.deepEqual(await paths(ws, "京都"), ["/a.txt"]);
      assert.deepEqual((await paths(ws, "京")).toSorted(), ["/a.txt", "/b.txt"]);
      assert.deepEqual((await ask(ws, "旅行")).results[0]?.snippet?.found, [[5, 7]]);
    });

    test("[SR15] names come before texts, texts that are about the words before those that mention them, and each comes once", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const filler = "Much else is told here at some length, of which nobody will ask. ".repeat(8);
      await ws.makeFile("one.txt", ws.root, keep("The garden in spring"));
      await ws.makeFile("two.txt", ws.root, keep(`${filler} a garden`));
      await ws.makeFile("garden.txt", ws.root, keep("the garden"));
      await ws.makeFile("three.txt", ws.root, keep(`${filler} no garden`));
      await catchUp();
      const expected = ["/garden.txt", "/one.txt", "/three.txt", "/two.txt"];
      assert.deepEqual(await paths(ws, "garden"), expected);
      const paged: string[] = [];
      for (let cursor: string | undefined | null; cursor !== null;) {
        const page: SearchResponse = await ask(ws, "garden", { limit: 1, cursor });
        paged.push(...page.results.map(({ path }) => path));
        ({ cursor } = page);
      }
      assert.deepEqual(paged, expected);
    });

    test("[SR16] only the text of the newest version is found, and none of what was deleted", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const folder = await ws.makeFolder("box");
      const file = await ws.makeFile("plan.txt", folder, keep("we meet at the harbour"));
      await catchUp();
      assert.deepEqual(await paths(ws, "harbour"), ["/box/plan.txt"]);
      await ws.edit(file, keep("we meet at the station"));
      assert.deepEqual(await paths(ws, "harbour"), []);
      await indexer.catchUp();
      assert.deepEqual(await paths(ws, "harbour"), []);
      await catchUp();
      assert.deepEqual(await paths(ws, "station"), ["/box/plan.txt"]);
      assert.deepEqual(await paths(ws, "harbour"), []);
      await ws.remove(folder);
      assert.deepEqual(await paths(ws, "station"), []);
      await catchUp();
      assert.deepEqual(await index.textsOf([file]), [undefined]);
    });

    test("[SR16] a file that gets another name is found by its text and that name together", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const file = await ws.makeFile("draft.txt", ws.root, keep("about whales"));
      await catchUp();
      const base = { base_parent_id: ws.root, base_name: "draft.txt" };
      await ws.done({ op: "move", id: file, parent_id: ws.root, name: "essay.txt", ...base });
      await catchUp();
      assert.deepEqual(await paths(ws, "whales essay"), ["/essay.txt"]);
      assert.deepEqual(await paths(ws, "whales draft"), []);
    });

    test("[SR17] texts are narrowed by the filters, and shown to nobody who may not see them", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const folder = await ws.makeFolder("lists");
      await ws.makeFile("one.txt", folder, keep("apples and pears"));
      await ws.makeFile("two.csv", ws.root, keep("apples,12"));
      const stranger = await WorkspaceFixture.create(metadata);
      await catchUp();
      assert.deepEqual(await paths(ws, "apples", { kinds: ["text"] }), ["/lists/one.txt"]);
      assert.deepEqual(await paths(ws, "apples", { folder }), ["/lists/one.txt"]);
      assert.deepEqual(await paths(ws, "apples", { size: { from: undefined, to: 10 } }), ["/two.csv"]);
      assert.deepEqual(await paths(ws, "apples", { modified: { from: "2027-01-01T00:00:00Z", to: undefined } }), []);
      assert.deepEqual(await paths(ws, "apples", { shared: true }), []);
      assert.deepEqual(await paths(stranger, "apples"), []);
      const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
      const author = { accountId: ws.accountId, deviceId: null };
      await metadata.shares.create({ folderId: folder, workspaceId, author, nowMs: ws.nowMs });
      await catchUp();
      assert.deepEqual(await paths(ws, "apples", { shared: true }), ["/lists/one.txt"]);
      assert.deepEqual(await paths(stranger, "apples"), []);
    });

    test("[SR19] a file that can't be read, or is cut into dust, keeps none of the others from being read", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      await ws.makeFile("older.txt", ws.root, keep("quinces"));
      const [text = ""] = keep("medlars");
      const dust = Array.from({ length: 10_001 }, () => keep("dust ")[0] ?? "");
      await ws.makeFile("dusty.txt", ws.root, dust);
      await ws.makeFile("newer.txt", ws.root, [text]);
      outOfReach.add(hash("sha256", text) as ChunkHash);
      await indexer.catchUp();
      await assert.rejects(reader.catchUp(), /out of reach/);
      assert.deepEqual(await paths(ws, "quinces"), ["/older.txt"]);
      outOfReach.clear();
      await catchUp();
      assert.deepEqual(await paths(ws, "medlars"), ["/newer.txt"]);
      assert.deepEqual(await paths(ws, "dust"), ["/dusty.txt"]);
      assert.equal((await ask(ws, "dust")).results[0]?.match, "beginning");
    });

    test("[SR22] what was seen to be no text as it was brought is never fetched, and of what wasn't seen many beginnings are at once", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      await catchUp();
      const hashOf = (text: string): ChunkHash => hash("sha256", text) as ChunkHash;
      const noise = (number: number): string => `\u0001\u0000\u0000\u0002 noise ${number}`;
      textless.begin();
      textless.look([{ hash: hashOf(noise(0)), bytes: Buffer.from(noise(0)) }])();
      for (let number = 0; number < 6; number += 1)
        await ws.makeFile(`${number}.dat`, ws.root, [...keep(noise(number)), ...keep("more of it")]);
      await ws.makeFile("LICENSE", ws.root, keep("Permission is granted"));
      fetched.length = 0;
      await catchUp();
      const own = fetched.filter((hashes) => hashes.includes(hashOf(noise(5))));
      assert.deepEqual(
        own.map((hashes) => hashes.length),
        [6],
      );
      assert.ok(!fetched.flat().includes(hashOf(noise(0))));
      assert.ok(!fetched.flat().includes(hashOf("more of it")));
      assert.deepEqual(await paths(ws, "granted"), ["/LICENSE"]);
      assert.deepEqual(await paths(ws, "noise"), []);
    });

    test("[SR17] [WK40] what malware was found in is not found by its text, only by its name, until it is let out", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      const chunks = [hash("sha256", "wicked words") as ChunkHash];
      const id = await ws.makeFile("letter.txt", ws.root, keep("wicked words"));
      await ws.makeFile("other.txt", ws.root, keep("other words"));
      await catchUp();
      assert.deepEqual((await paths(ws, "words")).toSorted(), ["/letter.txt", "/other.txt"]);
      const { version_id: versionId, version_hash: versionHash } = await ws.state(id);
      assert.ok(versionId && versionHash);
      const version = { workspaceId: ws.workspaceId, entryId: id, versionId };
      const outcome = { versionHash, signatures: "1", finding: "Virus", chunks };
      await metadata.scans.record(version, outcome, ws.nowMs);
      assert.deepEqual(await paths(ws, "words"), ["/other.txt"]);
      assert.deepEqual(await paths(ws, "letter"), ["/letter.txt"]);
      await metadata.scans.allow(version, ws.nowMs);
      assert.deepEqual((await paths(ws, "words")).toSorted(), ["/letter.txt", "/other.txt"]);
    });

    test("[SR10] while many files are still to be read, the answer says so", async () => {
      const ws = await WorkspaceFixture.create(metadata);
      for (let number = 0; number <= 20; number += 1)
        await ws.makeFile(`${number}.txt`, ws.root, keep(`stone ${number}`));
      await indexer.catchUp();
      assert.equal((await ask(ws, "stone")).complete, false);
      await reader.catchUp();
      const { complete, results } = await ask(ws, "stone");
      assert.deepEqual([complete, results.length], [true, 21]);
    });
  });
}

function fail(error: unknown): never {
  throw error;
}
