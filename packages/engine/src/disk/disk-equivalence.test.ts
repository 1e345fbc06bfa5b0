import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeManifest, versionHash } from "@satchel/chunking";
import type { ChunkHash } from "@satchel/protocol";
import { seededRandom, temporaryDirectory, type SeededRandom } from "@satchel/testkit";
import { DiskError, type Disk } from "../ports/disk.ts";
import type { ContractUser } from "./contract/contract.fixture.ts";
import { sha256 } from "./jobs/open-chunker.ts";
import { openNodeDisk } from "./node-disk.ts";
import { nodeUser } from "./contract/node-user.fixture.ts";
import { openVirtualDisk } from "./virtual/virtual-disk.ts";
import { VirtualFileSystem } from "./virtual/virtual-file-system.ts";

const sequences = 10;
const stepsPerSequence = 120;
const names = ["a", "b", "c"];

interface Machine {
  readonly disk: Disk;
  readonly user: ContractUser;
  /** What was seen last at each path, to name as expected later. */
  readonly seen: Map<string, string>;
}

/** One thing that happens, done to either machine; the answer tells how it went, without what must differ (times, inodes). */
type Step = (machine: Machine) => Promise<unknown>;

function randomPath(random: SeededRandom): string {
  return Array.from({ length: 1 + random.below(3) }, () => random.pick(names)).join("/");
}

function randomStep(random: SeededRandom): Step {
  const path = randomPath(random);
  const other = randomPath(random);
  const bytes = random.bytes(random.below(40));
  const modifiedMs = 1_600_000_000_000 + random.below(1000);
  const executable = random.chance(0.5);
  const steps: Step[] = [
    async ({ disk }) => (await disk.makeFolder(path)).type,
    async ({ disk }) => (await disk.move(path, other)).type,
    async ({ disk }) => disk.removeFolder(path),
    async ({ disk, seen }) => disk.removeFile(path, seen.get(path) ?? ""),
    async ({ disk, seen }) => place(disk, { bytes, modifiedMs, executable, path, expected: null, seen }),
    async ({ disk, seen }) =>
      place(disk, { bytes, modifiedMs, executable, path, expected: seen.get(path) ?? "", seen }),
    async ({ disk, seen }) => (await disk.placeLink(other, path, seen.get(path) ?? null)).linkTarget,
    async ({ disk, seen }) => {
      const fingerprint = seen.get(path) ?? "";
      const stat = await disk.setAttributes(path, { modifiedMs, executable, fingerprint });
      return [stat.modifiedMs, stat.executable];
    },
    async ({ disk, seen }) => {
      const stat = await disk.stat(path);
      if (stat !== undefined) seen.set(path, stat.fingerprint);
      return [stat?.type, stat?.linkTarget, stat?.type === "file" && stat.sizeBytes];
    },
    async ({ disk }) => {
      const [outcome] = await disk.reader.readSmall([path]);
      return outcome instanceof DiskError ? outcome.code : outcome?.versionHash;
    },
    async ({ user }) => {
      // What a person can't do, either machine refuses in its own words.
      const there = user.snapshot();
      const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      const isPossible = parent === "" || there.get(parent)?.type === "folder";
      if (isPossible && (there.get(path)?.type ?? "file") === "file") user.writeFile(path, bytes);
      if (there.get(other)?.type === "file") user.setModified(other, modifiedMs);
      await Promise.resolve();
    },
    async ({ user }) => {
      if (user.snapshot().has(path)) user.remove(path);
      await Promise.resolve();
    },
  ];
  return random.pick(steps);
}

async function place(
  disk: Disk,
  file: {
    bytes: Uint8Array;
    modifiedMs: number;
    executable: boolean;
    path: string;
    expected: string | null;
    seen: Map<string, string>;
  },
): Promise<unknown> {
  const { bytes, modifiedMs, executable, path, expected, seen } = file;
  const manifest = bytes.length === 0 ? [] : [{ hash: sha256(bytes), sizeBytes: bytes.length }];
  const hash = (data: Uint8Array): ChunkHash => sha256(data);
  const content = {
    bytes,
    modifiedMs,
    executable,
    packedChunks: encodeManifest(manifest),
    versionHash: versionHash(manifest, hash),
  };
  const [temporary] = await disk.writer.writeSmall([content]);
  assert.ok(temporary !== undefined && !(temporary instanceof DiskError));
  try {
    const stat = await disk.place(temporary, path, expected);
    seen.set(path, stat.fingerprint);
    return [stat.sizeBytes, stat.modifiedMs, stat.executable];
  } finally {
    await disk.discard(temporary);
  }
}

async function outcomeOf(step: Step, machine: Machine): Promise<unknown> {
  try {
    return await step(machine);
  } catch (error) {
    if (error instanceof DiskError) return error.code;
    throw error;
  }
}

/** The tree, without the times that a clock gave. */
function treeOf({ user }: Machine): unknown {
  return [...user.snapshot()].map(([path, entry]) =>
    entry.type === "file" ? [path, Buffer.from(entry.bytes).toString("hex"), entry.executable] : [path, entry],
  );
}

test("the disk in memory does what the real one does, whatever is asked for", async () => {
  await using directory = await temporaryDirectory("equivalence");
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    const random = seededRandom(`disks ${sequence}`);
    const root = directory.join(`${sequence}`);
    const files = new VirtualFileSystem({ nowNs: () => 1_700_000_000_000_000_000n });
    const real: Machine = { disk: openNodeDisk({ root }), user: nodeUser(root), seen: new Map() };
    const virtual: Machine = { disk: openVirtualDisk(files), user: files, seen: new Map() };
    try {
      for (const { disk } of [real, virtual]) await disk.prepareRoot("marker");
      for (let nth = 0; nth < stepsPerSequence; nth += 1) {
        const step = randomStep(random);
        const outcomes = [await outcomeOf(step, real), await outcomeOf(step, virtual)];
        assert.deepEqual(outcomes[1], outcomes[0], `sequence ${sequence}, step ${nth}: ${step.toString()}`);
        assert.deepEqual(treeOf(virtual), treeOf(real), `sequence ${sequence}, step ${nth}: ${step.toString()}`);
      }
    } finally {
      await real.disk.close();
    }
  }
});
