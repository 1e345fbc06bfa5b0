import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test, type TestContext } from "node:test";
import { goesWithout, startS3, type RunningS3 } from "@satchel/testkit";
import { issueAccessToken } from "../../../features/identity/access-token.ts";
import { withCircuitBreaker } from "../../../storage/chunks/object/guarded-object-store.ts";
import { ObjectChunkStore } from "../../../storage/chunks/object/object-chunk-store.ts";
import { openS3ObjectStore } from "../../../storage/chunks/object/s3-object-store.ts";
import { parseS3Setting } from "../../../storage/chunks/s3-setting.ts";
import { openInThreadMetadataStore } from "../../../storage/metadata/sqlite/open-in-thread.ts";
import { call, contentOf, pack, startTestServer, type TestDevice } from "../../test-server.fixture.ts";

interface Address {
  readonly url: string;
  readonly headers: Record<string, string>;
}
type Upload = Address & { readonly receipt: string };

const piece = randomBytes(300_000);
const wrong = randomBytes(300_000);

async function openUpload(device: TestDevice, bytes: Uint8Array): Promise<Upload> {
  const question = { workspace_id: device.login.workspace_id, chunks: pack([bytes]) };
  const { body } = await device.post<{ uploads: (Upload | null)[] }>("/v1/chunks/direct_upload", question);
  const [upload] = body.uploads;
  assert.ok(upload);
  return upload;
}

function put({ url, headers }: Address, raw: Uint8Array, also: Record<string, string> = {}) {
  return call(url, "PUT", { raw, headers: { ...headers, ...also } });
}

function handIn(device: TestDevice, receipts: readonly string[]) {
  const question = { workspace_id: device.login.workspace_id, receipts };
  return device.post<{ stored: boolean[]; code: string }>("/v1/chunks/direct_stored", question);
}

function openDownload(device: TestDevice, bytes: Uint8Array) {
  const question = { workspace_id: device.login.workspace_id, chunks: pack([bytes]) };
  return device.post<{ downloads: (Address | null)[]; code: string }>("/v1/chunks/direct_download", question);
}

async function bring(device: TestDevice, bytes: Uint8Array): Promise<void> {
  const upload = await openUpload(device, bytes);
  assert.equal((await put(upload, bytes)).status, 200);
  assert.deepEqual((await handIn(device, [upload.receipt])).body, { stored: [true] });
}

if (!goesWithout("s3")) {
  describe("chunks that go directly between clients and a real S3", () => {
    let s3: RunningS3;
    before(async () => {
      s3 = await startS3();
      Object.assign(process.env, s3.environment);
    });
    after(() => s3.stop());

    async function start(t: TestContext) {
      const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
      const place = parseS3Setting(`${s3.url.replace("?", `/${randomBytes(8).toString("hex")}?`)}&direct=on`);
      const objects = withCircuitBreaker(await openS3ObjectStore(place), Date.now);
      const chunks = new ObjectChunkStore({ objects, places: metadata.places, now: Date.now });
      t.after(() => chunks.close());
      const server = await startTestServer(t, { metadata, chunks });
      return { server, ann: await server.signUp("ann"), bob: await server.signUp("bob") };
    }

    test("[AP88] a chunk that S3 took is the workspace's, is committed, and comes back from S3 by its range", async (t) => {
      const { ann } = await start(t);
      await bring(ann, piece);
      const create = {
        op: "create_file",
        id: ann.newId(),
        parent_id: ann.root,
        name: "a",
        content: contentOf([piece]),
      };
      const { results } = await ann.commit([create as never]);
      assert.equal(results[0]?.status, "done");
      const [address] = (await openDownload(ann, piece)).body.downloads;
      assert.ok(address);
      const answer = await call(address.url, "GET", { headers: address.headers });
      assert.deepEqual([answer.status, Buffer.from(answer.bytes).equals(piece)], [206, true]);
      const through = await ann.post("/v1/chunks/download", {
        workspace_id: ann.login.workspace_id,
        chunks: pack([piece]),
      });
      assert.ok(Buffer.from(through.bytes).includes(piece));
    });

    test("[CS51] what clients fetch from S3 is what they brought there: that others have it shows in no address, before or after", async (t) => {
      const { server, ann, bob } = await start(t);
      const objectOf = async (device: TestDevice) => {
        const [address] = (await openDownload(device, piece)).body.downloads;
        return address && new URL(address.url).pathname;
      };
      const uploaded = async (device: TestDevice) => {
        const upload = await openUpload(device, piece);
        await put(upload, piece);
        assert.deepEqual((await handIn(device, [upload.receipt])).body, { stored: [true] });
        return new URL(upload.url).pathname;
      };
      const anns = await uploaded(ann);
      assert.equal(await objectOf(ann), anns);
      const bobs = await uploaded(bob);
      assert.deepEqual([await objectOf(ann), await objectOf(bob)], [anns, bobs]);
      // Brought again it stays where it is, and so it does by a way through the server.
      await uploaded(bob);
      const through = { workspace_id: bob.login.workspace_id, chunks: pack([piece]) };
      assert.equal((await bob.postFrame("/v1/chunks/upload", through, [piece])).status, 200);
      assert.deepEqual([await objectOf(ann), await objectOf(bob)], [anns, bobs]);
      const cleo = await server.signUp("cleo");
      const cleos = { workspace_id: cleo.login.workspace_id, chunks: pack([piece]) };
      assert.equal((await cleo.postFrame("/v1/chunks/upload", cleos, [piece])).status, 200);
      const own = (await objectOf(cleo)) ?? assert.fail();
      assert.ok(![anns, bobs].includes(own));
    });

    test("[CS49] S3 itself refuses other bytes than those that were signed, and requests that say something else", async (t) => {
      const { ann } = await start(t);
      const upload = await openUpload(ann, piece);
      const other = await openUpload(ann, wrong);
      assert.match(upload.url, /SignedHeaders=[^&]*x-amz-checksum-sha256/);
      assert.doesNotMatch(upload.url, /[?&]x-amz-checksum/i, "a checksum in the query would be compared with nothing");
      assert.equal((await put(upload, wrong)).status, 400, "wrong bytes");
      assert.equal((await put(upload, wrong, other.headers)).status, 403, "wrong bytes with their own checksum");
      assert.equal((await call(upload.url, "PUT", { raw: wrong })).status, 403, "no checksum");
      assert.deepEqual((await handIn(ann, [upload.receipt])).body, { stored: [false] });
      await put(upload, piece);
      await handIn(ann, [upload.receipt]);
      const [address] = (await openDownload(ann, piece)).body.downloads;
      const whole = await call(address?.url ?? "", "GET", { headers: { range: "bytes=0-999999" } });
      assert.equal(whole.status, 403, "another range");
    });

    test("[CS49] S3 itself refuses more bytes than the chunk has, also where the checksum is theirs", async (t) => {
      const { ann } = await start(t);
      const larger = randomBytes(400_000);
      const named = Buffer.from(pack([larger]), "base64");
      named.writeUInt32BE(300_000, 32);
      const question = { workspace_id: ann.login.workspace_id, chunks: named.toString("base64") };
      const { body } = await ann.post<{ uploads: (Upload | null)[] }>("/v1/chunks/direct_upload", question);
      const [upload] = body.uploads;
      assert.ok(upload);
      assert.equal((await put(upload, larger)).status, 403);
    });

    test("[AP89] only who brought the bytes holds the chunk: a receipt without them, of others, altered or late gives nothing", async (t) => {
      const { server, ann, bob } = await start(t);
      await bring(ann, piece);
      const claimed = await openUpload(bob, piece);
      assert.deepEqual((await handIn(bob, [claimed.receipt])).body, { stored: [false] });
      assert.deepEqual((await openDownload(bob, piece)).status, 404);
      const brought = await openUpload(ann, wrong);
      await put(brought, wrong);
      const resized = brought.receipt.replace(".300000.", ".300001.");
      for (const [device, receipt] of [
        [bob, brought.receipt],
        [await server.signIn("ann"), brought.receipt],
        [ann, resized],
        [ann, "nonsense"],
        [ann, ""],
      ] as const)
        assert.equal((await handIn(device, [receipt])).body.code, "url_expired", receipt);
      server.moveClock(30 * 60_000 + 1);
      const { account_id: accountId, device_id: deviceId } = ann.login;
      const claims = { accountId, deviceId, expiresAtMs: server.nowMs() + 60_000 };
      const authorization = `Bearer ${issueAccessToken(server.keys.accessToken, claims)}`;
      const late = await call(`${server.url}/v1/chunks/direct_stored`, "POST", {
        json: { workspace_id: ann.login.workspace_id, receipts: [brought.receipt] },
        headers: { authorization },
      });
      assert.equal(late.body.code, "url_expired");
    });

    test("[AP89] what somebody else has as well is brought all the same, told twice, and stays one chunk", async (t) => {
      const { server, ann, bob } = await start(t);
      await bring(ann, piece);
      const upload = await openUpload(bob, piece);
      await put(upload, piece);
      for (let again = 0; again < 2; again += 1)
        assert.deepEqual((await handIn(bob, [upload.receipt])).body, { stored: [true] });
      assert.equal((await openDownload(bob, piece)).status, 200);
      assert.equal((await server.chunks.list({ after: undefined, limit: 9 })).length, 1);
    });

    test("[AP88] small chunks have no address, and who has no room gets none", async (t) => {
      const { server, ann } = await start(t);
      const question = { workspace_id: ann.login.workspace_id, chunks: pack([Buffer.from("small")]) };
      assert.deepEqual((await ann.post<unknown>("/v1/chunks/direct_upload", question)).body, { uploads: [null] });
      const poor = await server.signUp("poor", 1000);
      const large = { workspace_id: poor.login.workspace_id, chunks: pack([piece]) };
      assert.equal((await poor.post("/v1/chunks/direct_upload", large)).body.code, "quota_exceeded");
    });

    test("[CS45] while S3 is away clients hear 503, and when to come again", async (t) => {
      const { ann } = await start(t);
      await bring(ann, piece);
      await s3.kill();
      try {
        const chunks = { workspace_id: ann.login.workspace_id, chunks: pack([piece]) };
        const ask = () => ann.post("/v1/chunks/download", chunks);
        for (let failure = 0; failure < 5; failure += 1) await ask();
        const answer = await ask();
        assert.deepEqual([answer.status, answer.headers.has("retry-after")], [503, true]);
      } finally {
        await s3.restart();
      }
    });
  });
}
