import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { withRecentChunks } from "../../storage/chunks/recent/with-recent-chunks.ts";
import { ThreadedChunkStore } from "../../storage/chunks/thread/threaded-chunk-store.ts";
import { pack, startTestServer, type TestDevice } from "../test-server.fixture.ts";

/*
 * The attack on SE43: somebody who has all bytes of chunks measures whether a stranger has them too, or just brought them.
 * node what-strangers-have.bench.ts [directory] [pairs] [a part of the names of those attacks that are tried]. Of each pair one is a chunk that the stranger has, one that nobody has, in random order; a whole server on a real disk answers.
 * `advantage` is how often the slower of two is told rightly, as 2·|AUC − ½|: 0 is guessing, 1 is knowing. |z| is Mann and Whitney's: below 2 the two can't be told from chance.
 */

const pairs = Number(process.argv[3] ?? 200);
const only = process.argv[4] ?? "";
const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), "satchel-probe-"));
const endings: (() => unknown)[] = [];
const world = { after: (end: () => unknown) => void endings.push(end) } as unknown as TestContext;

type Pieces = readonly Uint8Array[];

/** What the stranger does with those pieces that it has, and what of the attacker is timed. */
interface Attack {
  readonly name: string;
  readonly pieces: () => Pieces;
  readonly rounds?: number;
  /** `theirs`: what the stranger brings, which is the same, or as much of something else: only what it is may tell, not that the server has just had work. */
  readonly before?: (people: People, pieces: Pieces, theirs: Pieces) => Promise<unknown>;
  readonly timed: (people: People, pieces: Pieces) => Promise<unknown>;
}

interface People {
  readonly stranger: TestDevice;
  readonly attacker: TestDevice;
}

const upload = (who: TestDevice, pieces: Pieces) =>
  who.postFrame("/v1/chunks/upload", { workspace_id: who.login.workspace_id, chunks: pack(pieces) }, pieces);
const download = (who: TestDevice, pieces: Pieces) =>
  who.post("/v1/chunks/download", { workspace_id: who.login.workspace_id, chunks: pack(pieces) });
const strangerHas: Attack["before"] = ({ stranger }, _pieces, theirs) => upload(stranger, theirs);
const one = (sizeBytes: number) => () => [randomBytes(sizeBytes)];

const attacks: readonly Attack[] = [
  ...[16, 512, 4096].map((kib) => ({
    name: `upload of ${kib} KiB`,
    pieces: one(kib * 1024),
    before: strangerHas,
    timed: ({ attacker }: People, pieces: Pieces) => upload(attacker, pieces),
  })),
  {
    name: "upload of 4000 chunks of 1 KiB",
    pieces: () => Array.from({ length: 4000 }, () => randomBytes(1024)),
    rounds: Math.ceil(pairs / 5),
    before: strangerHas,
    timed: ({ attacker }, pieces) => upload(attacker, pieces),
  },
  {
    name: "download of 512 KiB just brought",
    pieces: one(512 * 1024),
    async before({ stranger, attacker }, pieces, theirs) {
      await upload(stranger, theirs);
      await upload(attacker, pieces);
    },
    timed: ({ attacker }, pieces) => download(attacker, pieces),
  },
  {
    name: "download of 16 KiB that a stranger just brought",
    pieces: one(16 * 1024),
    async before({ stranger, attacker }, pieces, theirs) {
      await upload(attacker, pieces);
      // What was brought since then takes its place in whatever remembers.
      for (let round = 0; round < 4; round += 1)
        await upload(
          stranger,
          Array.from({ length: 16 }, () => randomBytes(256 * 1024)),
        );
      await upload(stranger, theirs);
    },
    rounds: Math.ceil(pairs / 2),
    timed: ({ attacker }, pieces) => download(attacker, pieces),
  },
];

try {
  const chunks = await ThreadedChunkStore.open({ directory, masterKey: randomBytes(32), now: Date.now });
  const server = await startTestServer(world, { chunks: withRecentChunks(chunks) });
  const people = { stranger: await server.signUp("stranger"), attacker: await server.signUp("attacker") };
  for (const attack of attacks.filter(({ name }) => name.includes(only))) await run(attack, people);
  for (const end of endings) await end();
  await chunks.close();
} finally {
  rmSync(directory, { recursive: true });
}

async function run({ name, pieces, rounds = pairs, before, timed }: Attack, people: People): Promise<void> {
  const times = { present: [] as number[], absent: [] as number[] };
  for (let round = 0; round < rounds + 3; round += 1) {
    for (const kind of Math.random() < 0.5 ? (["present", "absent"] as const) : (["absent", "present"] as const)) {
      const probe = pieces();
      await before?.(people, probe, kind === "present" ? probe : pieces());
      const startedMs = performance.now();
      await timed(people, probe);
      // The first ones warm up.
      if (round >= 3) times[kind].push(performance.now() - startedMs);
    }
  }
  const { auc, z } = mannWhitney(times.present, times.absent);
  const show = (list: readonly number[]): string => `${mean(list).toFixed(2)} ± ${deviation(list).toFixed(2)} ms`;
  console.log(
    `${name}: stranger has it ${show(times.present)}, nobody has it ${show(times.absent)}; ${rounds} pairs, |z| ${Math.abs(z).toFixed(1)}, advantage ${(2 * Math.abs(auc - 0.5)).toFixed(2)}`,
  );
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

function deviation(list: readonly number[]): number {
  const middle = mean(list);
  return Math.sqrt(list.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (list.length - 1));
}

/** The rank-sum test: how often one of `a` is above one of `b`, and how many deviations that is from half of the times. */
function mannWhitney(a: readonly number[], b: readonly number[]): { readonly auc: number; readonly z: number } {
  const above = a.reduce(
    (sum, one) => sum + b.reduce((wins, other) => wins + (one > other ? 1 : one === other ? 0.5 : 0), 0),
    0,
  );
  const [n, m] = [a.length, b.length];
  return { auc: above / (n * m), z: (above - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12) };
}
