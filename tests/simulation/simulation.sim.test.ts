import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { playMany } from "./play-many.ts";
import { shrink } from "./shrink.ts";
import { describeFailure, simulate } from "./simulate.ts";

test("[SI1] the same seed plays the same life, another one another", async () => {
  const [one, again, other] = [await play(11), await play(11), await play(12)];
  assert.equal(one.traceHash, again.traceHash);
  assert.deepEqual(one.operations, again.operations);
  assert.notEqual(one.traceHash, other.traceHash);
});

test("[SI1] a seed plays the same life in a fresh process as here, after many others", async () => {
  await play(1_000_001);
  const program = join(import.meta.dirname, "run.ts");
  for (const seed of [1_000_004, 20_003]) {
    const { traceHash } = await play(seed);
    const { stdout } = await promisify(execFile)(process.execPath, [program, "--seed", `${seed}`], {
      maxBuffer: 2 ** 26,
    });
    assert.ok(stdout.trimEnd().endsWith(`trace ${traceHash}`), `another life of seed ${seed}`);
  }
});

test("[SI1] lives are shared out among threads, each once", async () => {
  const failed: number[] = [];
  const report = await playMany({ first: 1_000_000, count: 60, workers: 2, onFailed: (seed) => failed.push(seed) });
  assert.deepEqual({ played: report.played, failed }, { played: 60, failed: [] });
});

/** Seeds that found a fault of the engine stay, each with what it was. What people do in them changes when the simulator's draws do. */
const found: Readonly<Record<number, string>> = {
  5: "[EN21] a scan comes upon a file between its placing and the books",
  6: "[EN14] what vanished and came back is not waited for",
  14: "[EN13] an entry that came and went before anybody heard of it leaves no trace",
  17: "[EN32] two new files of one content, of which the second name is taken",
  60: "[EN31] a device without network and without work is quiet",
  74: "[EN3] files that changed places while the engine was off",
  81: "[EN13] a file deleted with its folder before it was fetched",
  148: "[EN33] a swap of which one file has to be read",
  154: "[EN12] one's own edit beside another's move of the same file",
  316: "[EN11] an edit after a commit whose answer was lost",
  1733: "[EN11] two commits of one file whose answers were lost",
  1816: "[EN15] an edit in a folder that another deleted",
  2991: "[EN11] a new file, made again before the first answer",
  2992: "[EN15] a folder deleted elsewhere and filled here",
  21117: "[EN25] a disk that fails while the program is asked to end",
  21186: "[EN26] a copy of a file that another moved to the copy's name",
  1000129: "[EN17] a folder by the name of an ignore file",
  1000424: "[EN43] another folder stands in the place of the synced one",
  1000481: "[EN43] a link is put into that folder",
  1001295: "[EN34] a clock is set back while the server can't be asked",
  1001458: "[EN17] a scan comes upon new ignore rules before any hint of them",
  2000227: "[EN43] a file deleted with all others while its commit is answered stays deleted",
  2000518: "[EN19] what was offered once is made again by another",
  2022350: "[EN27] an ignored folder is made, and nobody knows of it",
  2024885: "[RC43] a copy of what moved to its place, which was edited here",
  2107355: "[EN44] the folder is taken away while the engine begins",
  2109088: "[EN27] what an ignore rule leaves alone is in the way, until somebody moves it",
  2109571: "[EN28] a disk that says that it failed has put a file in its place all the same",
  2115526: "[EN29] somebody writes into a folder that waits in limbo to be deleted",
  3001279:
    "[EN68] a file is read under the name that an editor had it under for a moment, and renamed before it is committed",
  3001570: "[EN67] a disk fails just when a link took the place of a file",
  3002325: "[EN68] a renamed file, and another at its name, in one look",
  3004701: "[EN68] the new name of a file is not told, only that the old one is free",
  3009393: "[EN68] a file moved, and the folder that it came to, before anybody looked",
  4000402: "[EN78] a file is touched just when it is left out",
  4002224: "[EN9] an ignore file in a folder that is ignored by now",
  5004319: "[NM24] two names on the disk stand for one, until somebody gives one of them another",
  5019712: "[EN81] a new folder that is moved while it waits for its commit goes before what is in it",
  5033797: "[EN16] the folder's disk is taken away with what was just told, and the server put back to before that",
  5076057: "[EN106] what a watcher saw before a file was written again is told after what it saw then",
  5076887: "[SI7] two people put the same file at one place, and one of them writes over it",
  6000097: "[EN9] an ignored ignore file in an ignored folder",
  6000565: "[EN93] a file is written in a folder just after it was moved",
  7004702: "[EN27] a folder that stayed for what is ignored in it is where a file is to go",
  7007502: "[EN9] who waits is told that all is in step before the ignore rules that came last are in force",
  7010909: "[EN93] somebody writes in a folder that is just about to be moved for the server",
  7020429: "[EN94] a file that another edits is touched, and deleted before that is answered",
  5105987: "[EN106] of two hints of one place, the one that tells what is known already comes last",
  7033224: "[EN27] what an ignore rule leaves alone is in the way, deeper than anybody makes folders",
  30024401: "[RC85] others exchange the names of what is left out and of what is not",
  30178689:
    "[EN11] a new file's mode is changed between two commits of it, of which the first is taken late and the second never answered",
  30119985: "[EN3] a folder and a file change places, and only one of the two places is told of in time",
  30133232: "[EN127] a disk did away with what was left out, and said that it failed, and a new file has its name",
  30142300: "[EN127] a device is killed just after it removed what was left out, and a new file has its name",
  30163690: "[EN93] somebody writes in a folder that is just about to be set aside",
  30192460: "[NM25] a person gives an alias a name that stands for what is beside it",
  30229645: "[SI7] somebody moves a copy to where another makes one, and writes over it",
  30293542:
    "[EN11] a new file is renamed between two commits of it, of which the first is taken late and the second refused",
  30356618: "[EN129] a file is put back to what it was after a commit whose answer was lost",
  30825130: "[EN11] a time that was offered is never taken, and the file is told for its new place",
  30405971: "[EN130] a file is placed while the books are about to be written, and the power goes",
  30630185: "[RC85] what others deleted is where something that is left out has come to",
  30931724: "[EN9] another deletes an ignore file, and who waits is told before the rules are gone",
  30426394: "[EN131] a file is moved into a folder, which is deleted, while another device edits it",
  30990246: "[EN125] a device is signed out in the midst of a look that waits for what it found to be sent",
  30615371: "[EN128] a look that is asked for in the midst of one that waits for what it found",
  31246500: "[EN132] others move a folder out of one that this device deletes",
  31428980: "[EN15] a folder that went with another one is made again by who had a file in it",
  30924557: "[EN134] the answer to an edit comes while the folder is away, and another puts the file back",
  31175165: "[EN134] a device is killed before an edit is answered, and another puts the file back",
  30708698: "[EN135] an answer comes after its file was left out and taken in again",
  14071: "[EN16] a folder that another deletes before one hears that it was made",
};
for (const [seed, story] of Object.entries(found)) {
  test(`[SI5] [SI6] [SI7] [SI8] [SI9] [SI10] seed ${seed}: ${story}`, async () => {
    await play(Number(seed));
  });
}

/** Of a calm life whose second device has a disk of Windows. */
const seedWithWindowsNames = 20_000_005;

/** Of a calm life whose devices have tokens. */
const seedWithTokens = 4_000_004;

test("[SI2] an hour without anything to do costs next to nothing", async () => {
  const idle = { device: 0, kind: "idle", draw: 0 } as const;
  const short = await simulate({ seed: 1, operations: [{ ...idle, pauseMs: 0 }], keepTrace: false });
  const long = await simulate({ seed: 1, operations: [{ ...idle, pauseMs: 3_600_000 }], keepTrace: false });
  assert.equal(long.failure, undefined);
  // Six scans more of an empty folder by each device at most, and some calls each.
  assert.ok(long.events - short.events < 2000, `${long.events - short.events} events`);
});

test("[EN31] a device that is cut off, and has nothing to do, does next to nothing", async () => {
  const operations = [
    { device: 0, kind: "create", draw: 1, pauseMs: 5000 },
    { device: 0, kind: "disconnect", draw: 999, pauseMs: 30_000 },
  ] as const;
  const outcome = await simulate({ seed: 1, operations, keepTrace: true });
  assert.equal(outcome.failure, undefined, describeFailure(outcome));
  assert.ok(outcome.events < 600, `${outcome.events} events`);
});

test("[SI3] [SI4] crashes, restarts and lost connections at every turn lose nothing", async () => {
  const kinds = [
    "crash",
    "create",
    "disconnect",
    "save_by_rename",
    "restart",
    "overwrite",
    "restart_server",
    "move_file",
  ] as const;
  for (let seed = 1; seed <= 5; seed += 1) {
    const operations = Array.from({ length: 40 }, (_, at) => ({
      device: at % 2,
      kind: kinds[at % kinds.length] ?? "create",
      draw: seed * 1000 + at * 7,
      pauseMs: (at * 37) % 400,
    }));
    const outcome = await simulate({ seed, operations, keepTrace: true });
    assert.equal(outcome.failure, undefined, describeFailure(outcome));
  }
});

test("[SI13] a server that is put back to an older state costs no device its files", async () => {
  const step = { device: 0, draw: 0, pauseMs: 500 };
  const operations = [
    { ...step, kind: "create", draw: 1 },
    { ...step, kind: "create", draw: 5 },
    { ...step, kind: "restore_backup", pauseMs: 0 },
    { ...step, kind: "create", draw: 9, pauseMs: 50 },
    { ...step, kind: "overwrite", draw: 3, pauseMs: 5000 },
  ] as const;
  for (let seed = 1; seed <= 5; seed += 1) {
    const outcome = await simulate({ seed, operations, keepTrace: true });
    assert.equal(outcome.failure, undefined, describeFailure(outcome));
    assert.ok(outcome.trace.some((line) => line.includes("is put back to what it was")));
  }
});

test("[SI16] tokens that expired are exchanged, and a device whose login was ended stops until somebody signs it in again", async () => {
  const step = { device: 0, draw: 1, pauseMs: 2000 };
  const operations = [
    { ...step, kind: "create" },
    { ...step, kind: "outlast_token" },
    { ...step, kind: "create", draw: 5 },
    { ...step, kind: "revoke_device", pauseMs: 20_000 },
    { ...step, kind: "create", draw: 9 },
  ] as const;
  const outcome = await simulate({ seed: seedWithTokens, operations, keepTrace: true });
  assert.equal(outcome.failure, undefined, describeFailure(outcome));
  const [exchanged, ended, again] = [
    "d0     exchanges its token",
    "d0     ends: signed out",
    "d0     is signed in again",
  ].map((what) => outcome.trace.findIndex((line) => line.endsWith(what))) as [number, number, number];
  assert.ok(exchanged > 0 && exchanged < ended && ended < again, outcome.trace.join("\n"));
});

test("[SI17] what a device leaves out leaves its disk, and comes back with what others did to it meanwhile", async () => {
  const step = { device: 0, draw: 1, pauseMs: 3000 };
  const operations = [
    { ...step, kind: "create" },
    { ...step, kind: "exclude_add", device: 1 },
    { ...step, kind: "overwrite" },
  ] as const;
  const outcome = await simulate({ seed: seedWithTokens, operations, keepTrace: true });
  assert.equal(outcome.failure, undefined, describeFailure(outcome));
  const done = outcome.trace.flatMap((line) => /^.{12} d1 {5}(removes|places) /.exec(line)?.[1] ?? []);
  assert.deepEqual(done, ["places", "removes", "places"], outcome.trace.join("\n"));
});

test("[EN120] [SI15] a file renamed over another spelling of a name is understood without anybody asking, on a disk that takes both for one", async () => {
  const step = { device: 1, pauseMs: 4000 };
  const operations = [
    { ...step, kind: "create", draw: 20_077_782 },
    { ...step, kind: "create", draw: 20_155_559 },
    { ...step, kind: "create", draw: 20_233_336 },
    { ...step, kind: "create", draw: 20_388_890 },
    { ...step, kind: "idle", draw: 97_699_228 },
    { ...step, kind: "rename_over_spelling", draw: 20_311_113 },
    { ...step, kind: "idle", draw: 97_699_228 },
  ] as const;
  const outcome = await simulate({ seed: seedWithWindowsNames, operations, keepTrace: true });
  assert.equal(outcome.failure, undefined, describeFailure(outcome));
  const at = (what: string): number => outcome.trace.findIndex((line) => line.includes(what));
  const [renamed, deleted, calm] = [
    at("renames b.txt to A.TXT"),
    at("d1     commits delete"),
    at("is calm from now on"),
  ];
  assert.ok(renamed > 0 && renamed < deleted && deleted < calm, outcome.trace.join("\n"));
});

test("[SI11] a failing life is shortened to what fails still", async () => {
  const outcome = await simulate({ seed: 3, keepTrace: false });
  const failing = { ...outcome, failure: new Error("somebody said so") };
  const shortest = await shrink(failing);
  // It does not fail in truth, so nothing may be left out.
  assert.deepEqual(shortest.operations, outcome.operations);
  assert.match(describeFailure(failing), /npm run sim -- --seed 3/);
});

async function play(seed: number) {
  const outcome = await simulate({ seed, keepTrace: true });
  assert.equal(outcome.failure, undefined, describeFailure(outcome));
  return outcome;
}
