import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { idPartBytes, makeWorkspaceId, type EntryId, type VersionHash, type VersionId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import type { ScannedVersion } from "../scan-store.ts";
import { chunkOf, WorkspaceFixture } from "./workspace-fixture.ts";

const hashes = (texts: readonly string[]) => texts.map((text) => chunkOf(text).hash);

/** Rules of what scanners find. */
export function scansContract(getStore: () => MetadataStore): void {
  async function latest(ws: WorkspaceFixture, entryId: EntryId) {
    const { version_id: versionId, version_hash: versionHash } = await ws.state(entryId);
    const version: ScannedVersion = { workspaceId: ws.workspaceId, entryId, versionId: versionId as VersionId };
    return { version, versionHash: versionHash as VersionHash };
  }

  /** Writes down what was found in a file's latest version, which is made of these texts. */
  async function scan(ws: WorkspaceFixture, entryId: EntryId, found: { texts: string[]; finding: string | null }) {
    const { version, versionHash } = await latest(ws, entryId);
    const outcome = { versionHash, signatures: "1", finding: found.finding, chunks: hashes(found.texts) };
    return { version, said: (await getStore().scans.record(version, outcome, ws.nowMs)).outcome };
  }

  const findHeld = async ({ workspaceId, versionId }: ScannedVersion) =>
    (await getStore().scans.findHeld(workspaceId, [versionId]))[0]?.finding;

  const blockedOf = async (ws: WorkspaceFixture, texts: string[]) => {
    const blocked = await getStore().scans.findBlocked(ws.workspaceId, hashes(texts));
    return texts.filter((text) => blocked.includes(chunkOf(text).hash));
  };

  test("[WK40] a version with a finding is held, with its chunks that no other version needs; another workspace's are its own", async () => {
    const { scans } = getStore();
    const [ws, other] = [await WorkspaceFixture.create(getStore()), await WorkspaceFixture.create(getStore())];
    const file = await ws.makeFile("file", ws.root, ["a", "b"]);
    assert.equal((await scan(ws, file, { texts: ["a", "b"], finding: null })).said, "clean");
    await ws.edit(file, ["a", "b", "bad"]);
    await other.makeFile("file", other.root, ["bad"]);
    const { version, said } = await scan(ws, file, { texts: ["a", "b", "bad"], finding: "Virus" });
    assert.equal(said, "held");
    // Until those whom it concerns were told, it counts as not looked at: whoever died before that does it again.
    assert.equal(await scans.signaturesOf(version), undefined);
    assert.equal((await scan(ws, file, { texts: ["a", "b", "bad"], finding: "Virus" })).said, "held");
    await scans.markTold(version, ws.nowMs);
    assert.equal(await scans.signaturesOf(version), "1");
    const { workspaceId, versionId } = version;
    assert.deepEqual(await scans.findFinding(versionId), { workspaceId, versionId });
    assert.equal(await scans.findFinding("none" as VersionId), undefined);
    assert.equal(await findHeld(version), "Virus");
    assert.deepEqual(await blockedOf(ws, ["a", "b", "bad", "none"]), ["bad"]);
    assert.deepEqual(await blockedOf(other, ["bad"]), []);
    assert.deepEqual([await scans.holdsAny(ws.workspaceId), await scans.holdsAny(other.workspaceId)], [true, false]);
    assert.equal((await scan(ws, file, { texts: ["a", "b", "bad"], finding: "Virus" })).said, "known");
  });

  test("[WK40] chunks of copies are held once each of them was looked at, and stay so for what comes later", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const [one, two] = [await ws.makeFile("one", ws.root, ["bad"]), await ws.makeFile("two", ws.root, ["bad"])];
    await scan(ws, one, { texts: ["bad"], finding: "Virus" });
    assert.deepEqual(await blockedOf(ws, ["bad"]), []);
    await scan(ws, two, { texts: ["bad"], finding: "Virus" });
    assert.deepEqual(await blockedOf(ws, ["bad"]), ["bad"]);
    const three = await ws.makeFile("three", ws.root, ["bad", "more"]);
    assert.deepEqual(await blockedOf(ws, ["bad"]), ["bad"]);
    await scan(ws, three, { texts: ["bad", "more"], finding: null });
    assert.deepEqual(await blockedOf(ws, ["bad"]), []);
  });

  test("[WK41] an administrator lets a content out, for all versions that have it, now and later", async () => {
    const { scans } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const [one, two] = [await ws.makeFile("one", ws.root, ["bad"]), await ws.makeFile("two", ws.root, ["bad"])];
    const { version } = await scan(ws, one, { texts: ["bad"], finding: "Virus" });
    const { version: copy } = await scan(ws, two, { texts: ["bad"], finding: "Virus" });
    const held = await scans.countHeld();
    assert.equal(await scans.allow(version, ws.nowMs), "Virus");
    assert.equal(await scans.allow(version, ws.nowMs), undefined);
    assert.equal(await scans.countHeld(), held - 2);
    assert.deepEqual([await findHeld(version), await findHeld(copy)], [undefined, undefined]);
    assert.deepEqual(await blockedOf(ws, ["bad"]), []);
    const three = await ws.makeFile("three", ws.root, ["bad"]);
    assert.equal((await scan(ws, three, { texts: ["bad"], finding: "Virus" })).said, "known");
    assert.equal(await scans.holdsAny(ws.workspaceId), false);
  });

  test("[WK41] findings are listed, the latest first, page by page", async () => {
    const { scans } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const names = ["one", "two", "three"];
    for (const name of names) {
      await scan(ws, await ws.makeFile(name), { texts: [name], finding: `Virus ${name}` });
      ws.nowMs += 1000;
    }
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await scans.list({ after, limit: 2 });
      for (const { workspaceId, ownerId, finding } of page.versions)
        if (workspaceId === ws.workspaceId && ownerId === ws.accountId) seen.push(finding);
      if (page.next === null) break;
      after = page.next;
    }
    assert.deepEqual(seen, ["Virus three", "Virus two", "Virus one"]);
    await assert.rejects(scans.list({ after: "nonsense", limit: 2 }), { code: "bad_cursor" });
  });

  test("[WK42] what is found goes with its version, and nothing comes behind its removal", async () => {
    const { scans, maintenance } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const file = await ws.makeFile("file", ws.root, ["bad"]);
    const { version } = await scan(ws, file, { texts: ["bad"], finding: "Virus" });
    await ws.edit(file, ["good"]);
    assert.equal(await findHeld(version), "Virus");
    await maintenance.prune({ workspaceId: ws.workspaceId, beforeMs: ws.nowMs + 1, limit: 10 });
    assert.equal(await findHeld(version), undefined);
    assert.equal(await scans.holdsAny(ws.workspaceId), false);
    const outcome = { versionHash: "" as VersionHash, signatures: "1", finding: "Virus", chunks: hashes(["bad"]) };
    assert.equal((await scans.record(version, outcome, ws.nowMs)).outcome, "gone");
    assert.equal(await scans.signaturesOf(version), undefined);
  });

  test("[WK42] what is held stays so where it moves into a shared folder, and goes with its workspace", async () => {
    const { scans, shares, privacy } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const folderId = await ws.makeFolder("shared");
    const inside = await ws.makeFile("inside", folderId, ["bad"]);
    const { version } = await scan(ws, inside, { texts: ["bad"], finding: "Virus" });
    const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
    const author = { accountId: ws.accountId, deviceId: null };
    await shares.create({ folderId, workspaceId, author, nowMs: ws.nowMs });
    assert.equal(await findHeld({ ...version, workspaceId }), "Virus");
    assert.deepEqual(await scans.findBlocked(workspaceId, hashes(["bad"])), hashes(["bad"]));
    assert.equal(await scans.holdsAny(ws.workspaceId), false);
    for (let isDone = false; !isDone;) isDone = await privacy.eraseStep(ws.accountId, 10);
    assert.equal(await scans.holdsAny(workspaceId), false);
    assert.equal(await findHeld({ ...version, workspaceId }), undefined);
  });

  test("[WK43] with other signatures feeds are looked through anew, once the last round is long enough ago", async () => {
    const { scans, tasks } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const { workspaceId } = ws;
    const [kind, roundFeed] = [`scan ${workspaceId}`, `again ${workspaceId}`];
    const begin = (signatures: string, nowMs: number) =>
      scans.beginRound({ kind, roundFeed, signatures, againAfterMs: 1000, nowMs });
    const place = {
      workspaceId,
      kind,
      feed: kind,
      before: undefined,
      after: await ws.head(),
      keys: [],
      priority: 2 as const,
    };
    assert.equal(await begin("1", 0), true);
    await tasks.feed(place, { nowMs: 0, maxWaiting: 1 });
    assert.equal(await begin("1", 5000), false);
    assert.equal(await begin("2", 999), false);
    const positionOf = (feed: string) => tasks.findPosition({ workspaceId, feed });
    assert.equal(await positionOf(roundFeed), undefined);
    assert.equal(await begin("2", 1000), true);
    assert.deepEqual(await positionOf(roundFeed), { sequence: 0, epoch: "" });
    assert.equal((await positionOf(kind))?.sequence, place.after.sequence);
    const again = { ...place, feed: roundFeed, before: await positionOf(roundFeed) };
    assert.equal(await tasks.feed(again, { nowMs: 0, maxWaiting: 1 }), "fed");
    assert.equal(await begin("3", 2000), true);
    assert.deepEqual(await positionOf(roundFeed), { sequence: 0, epoch: "" });
  });
}
