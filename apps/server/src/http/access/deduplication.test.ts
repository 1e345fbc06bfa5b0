import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { MemoryChunkStore } from "../../storage/chunks/memory-chunk-store.ts";
import { testDirectory } from "../../storage/chunks/disk/test-directory.fixture.ts";
import {
  call,
  contentOf,
  pack,
  sha256,
  startTestServer,
  versionHashOf,
  type TestDevice,
} from "../test-server.fixture.ts";

const secret = Buffer.from("what only ann has");
const nobodys = Buffer.from("what nobody has!!");

/** Ann has a secret; Bob knows its hash and size. Each question to the stores is noted. */
async function startWorld(t: Parameters<typeof startTestServer>[0]) {
  const steps: string[] = [];
  const store = new MemoryChunkStore({ now: Date.now });
  const chunks = new Proxy(store, {
    get(target, name: keyof MemoryChunkStore) {
      const value = target[name] as unknown;
      if (typeof value !== "function") return value;
      return (...parameters: unknown[]) => {
        steps.push(`chunks.${name}`);
        return (value as (...all: unknown[]) => unknown).apply(target, parameters);
      };
    },
  });
  const server = await startTestServer(t, { chunks });
  const ann = await server.signUp("ann");
  const bob = await server.signUp("bob");
  await ann.putFile("secret.txt", secret.toString());
  const ledger = server.metadata.ledger as unknown as Record<string, (...all: unknown[]) => unknown>;
  for (const [name, method] of Object.entries(ledger))
    ledger[name] = (...all) => {
      steps.push(`ledger.${name}`);
      return method(...all);
    };
  return { server, ann, bob, steps };
}

/** Every way to ask about a chunk, or to claim it, without bringing it. */
const probes: readonly ((bob: TestDevice, piece: Buffer) => Promise<{ status: number; body: object }>)[] = [
  (bob, piece) => bob.post("/v1/chunks/missing", { workspace_id: bob.login.workspace_id, chunks: pack([piece]) }),
  (bob, piece) => bob.post("/v1/chunks/download", { workspace_id: bob.login.workspace_id, chunks: pack([piece]) }),
  (bob, piece) => bob.post("/v1/chunks/download_urls", { workspace_id: bob.login.workspace_id, chunks: pack([piece]) }),
  (bob, piece) =>
    bob.post("/v1/chunks/download_part", {
      workspace_id: bob.login.workspace_id,
      hash: sha256(piece),
      size: piece.length,
      offset: 0,
      length: 1,
    }),
  // Nothing of the chunk but its last byte, as if the others were there.
  (bob, piece) =>
    bob.postFrame(
      "/v1/chunks/upload_part",
      {
        workspace_id: bob.login.workspace_id,
        hash: sha256(piece),
        size: piece.length,
        offset: piece.length - 1,
      },
      [piece.subarray(-1)],
    ),
  (bob, piece) =>
    bob.post("/v1/files/upload_request", {
      parent_folder_id: "root",
      file_id: undefined,
      file_name: "mine",
      file_size: piece.length,
      chunk_hashes: [sha256(piece)],
    }),
  async (bob, piece) => {
    const { results } = await bob.commit([
      { op: "create_file", id: bob.newId(), parent_id: bob.root, name: "mine", content: contentOf([piece]) },
    ]);
    return { status: 200, body: results };
  },
];

test("[SE40] knowing a hash gives nothing: what others have is answered as what nobody has, after the very same steps", async (t) => {
  const { bob, steps } = await startWorld(t);
  const show = ({ status, body }: { status: number; body: object }, piece: Buffer) =>
    JSON.stringify([status, body])
      .replaceAll(sha256(piece), "HASH")
      .replaceAll(versionHashOf([piece]), "VERSION")
      .replaceAll(/"(request_id|file_id|upload_urls|cursor|before)":("[^"]*"|\[[^\]]*\])/g, "$1");
  for (const [index, probe] of probes.entries()) {
    const seen = [];
    // What is remembered of the account itself is asked for once.
    await probe(bob, Buffer.from("a first question "));
    for (const piece of [secret, nobodys]) {
      steps.length = 0;
      const shown = show(await probe(bob, piece), piece);
      seen.push([shown, ...steps]);
    }
    assert.deepEqual(seen[0], seen[1], `probe ${index}`);
    const [answer = "", ...asked] = seen[0] ?? [];
    assert.doesNotMatch(answer, /what only|stored":true/);
    assert.ok(
      !asked.some((step) => step.startsWith("chunks.")),
      `probe ${index} asked the store of all: ${asked.join()}`,
    );
  }
});

/** Every way to bring the bytes of a chunk. */
const bringings: readonly ((bob: TestDevice, piece: Buffer) => Promise<{ status: number }>)[] = [
  (bob, piece) =>
    bob.postFrame("/v1/chunks/upload", { workspace_id: bob.login.workspace_id, chunks: pack([piece]) }, [piece]),
  (bob, piece) =>
    bob.postFrame(
      "/v1/chunks/upload_part",
      { workspace_id: bob.login.workspace_id, hash: sha256(piece), size: piece.length, offset: 0 },
      [piece],
    ),
  async (bob, piece) => {
    const asked = { workspace_id: bob.login.workspace_id, chunks: pack([piece]), urls: true };
    const { body } = await bob.post<{ upload_urls: string[] }>("/v1/chunks/missing", asked);
    const [url] = body.upload_urls;
    return url === undefined ? { status: 200 } : call(url, "PUT", { raw: piece });
  },
  async (bob, piece) => {
    const id = bob.newId();
    const name = sha256(piece);
    await bob.commit([{ op: "create_file", id, parent_id: bob.root, name, content: contentOf([piece]) }], [piece]);
    return { status: 200 };
  },
];

test("[SE43] bringing what others have is the same work as bringing what nobody has; bringing one's own again is not written again", async (t) => {
  const under = await testDirectory(t);
  const chunks = await under.open();
  const server = await startTestServer(t, { chunks });
  const [ann, bob] = [await server.signUp("ann"), await server.signUp("bob")];
  const occupied = async (): Promise<number> => (await chunks.statistics()).occupiedBytes;
  for (const [index, bring] of bringings.entries()) {
    const [anns, nobodys] = [randomBytes(100_000), randomBytes(100_000)];
    await bringings[0]?.(ann, anns);
    const grown = [];
    for (const piece of [anns, nobodys, anns, nobodys]) {
      const before = await occupied();
      assert.equal((await bring(bob, piece)).status, 200);
      grown.push((await occupied()) - before);
    }
    assert.ok((grown[0] ?? 0) > 100_000, `way ${index}`);
    assert.deepEqual(grown, [grown[0], grown[0], 0, 0], `way ${index}`);
  }
});

test("[SE41] bytes that aren't their hash's are refused on every way in, and nothing of them stays", async (t) => {
  const { server, ann, bob } = await startWorld(t);
  const { workspace_id } = bob.login;
  const before = (await server.chunks.statistics()).chunks;
  const wrong = Buffer.from(secret.toString().toUpperCase());
  const { body } = await bob.post<{ upload_urls: string[] }>("/v1/chunks/missing", {
    workspace_id,
    chunks: pack([secret]),
    urls: true,
  });
  const part = { workspace_id, hash: sha256(secret), size: secret.length, offset: 0 };
  const content = contentOf([secret]);
  const create = { op: "create_file", id: bob.newId(), parent_id: bob.root, name: "mine", content };
  const commit = { workspace_id, seen: await bob.cursor(), operations: [create], carried: pack([secret]) };
  const answers = [
    await call(body.upload_urls[0] ?? "", "PUT", { raw: wrong }),
    await bob.postFrame("/v1/chunks/upload", { workspace_id, chunks: pack([secret]) }, [wrong]),
    await bob.postFrame("/v1/chunks/upload_part", part, [wrong]),
    await bob.postFrame("/v1/sync/commit", commit, [wrong]),
  ];
  for (const answer of answers) assert.deepEqual([answer.status, answer.body.code], [400, "hash_mismatch"]);
  assert.equal((await server.chunks.statistics()).chunks, before);
  const missing = { workspace_id, chunks: pack([secret]) };
  assert.deepEqual((await bob.post<unknown>("/v1/chunks/missing", missing)).body, { missing: [0] });
  const own = { workspace_id: ann.login.workspace_id, chunks: pack([secret]) };
  assert.ok(Buffer.from((await ann.post("/v1/chunks/download", own)).bytes).includes(secret));
});

test("[SE42] an address works for exactly what was signed: each part of it altered, another method and a later time are all refused alike", async (t) => {
  const { server, ann, bob } = await startWorld(t);
  const { workspace_id } = ann.login;
  const chunks = pack([secret]);
  const { body: download } = await ann.post<{ urls: string[] }>("/v1/chunks/download_urls", { workspace_id, chunks });
  const own = { workspace_id: bob.login.workspace_id, chunks, urls: true };
  const { body: upload } = await bob.post<{ upload_urls: string[] }>("/v1/chunks/missing", own);
  const [get = "", put = ""] = [download.urls[0], upload.upload_urls[0]];
  const altered = (url: string, name: string, value: string): string => {
    const changed = new URL(url);
    changed.searchParams.set(name, value);
    return changed.href;
  };
  const later = String(Date.now() + 3_600_000);
  const forged: [string, string][] = [
    ["GET", get.replace(sha256(secret), sha256(nobodys))],
    ["GET", altered(get, "workspace", bob.login.workspace_id)],
    ["GET", altered(get, "device", bob.login.device_id)],
    ["GET", altered(get, "size", "16")],
    ["GET", altered(get, "expires", later)],
    ["GET", altered(get, "signature", "A".repeat(43))],
    ["GET", altered(get, "signature", "")],
    ["GET", `${get}&expires=${later}`],
    ["GET", put],
    ["PUT", get],
    ["PUT", altered(put, "workspace", workspace_id)],
    ["PUT", altered(put, "size", "16")],
    ["PUT", altered(put, "expires", later)],
  ];
  for (const [method, url] of forged) {
    const answer = await call(url, method, method === "PUT" ? { raw: secret } : {});
    assert.deepEqual(
      [answer.status, answer.body.code, answer.body.detail],
      [403, "url_expired", answer.body.title],
      url,
    );
  }
  for (let replay = 0; replay < 2; replay += 1) {
    assert.deepEqual(Buffer.from((await call(get, "GET")).bytes), secret);
    assert.equal((await call(put, "PUT", { raw: secret })).status, 200);
  }
  server.moveClock(600_001);
  assert.deepEqual([(await call(get, "GET")).status, (await call(put, "PUT", { raw: secret })).status], [403, 403]);
});

test("[SE40] bytes that both brought are each one's own: what one deletes stays the other's", async (t) => {
  const { server, ann, bob } = await startWorld(t);
  const { id } = await bob.putFile("same.txt", secret.toString());
  await bob.commit([{ op: "delete", id }]);
  const { workspace_id } = ann.login;
  const chunks = pack([secret]);
  assert.equal((await ann.post("/v1/chunks/download", { workspace_id, chunks })).status, 200);
  const usage = await server.metadata.ledger.usage(bob.login.workspace_id);
  assert.equal(usage.usedBytes, secret.length);
});
