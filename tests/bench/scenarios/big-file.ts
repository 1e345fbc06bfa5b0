import { closeSync, mkdirSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeBigFile } from "../../e2e/support/big-file.ts";
import { incompressible } from "../data/generate.ts";
import { both, bytesShown, filesGone, filesShown } from "../measure/expectations.ts";
import { measure, type Session } from "./session.ts";

const MIB = 1024 * 1024;
const NAME = "big.bin";
const ELSEWHERE = "elsewhere";

/** s1, s4, s5 and s7: one big file comes, changes in its middle, changes at its front, and moves. */
export async function playBigFile(session: Session): Promise<void> {
  const { scenarios, scale } = session.options;
  // The folder that it moves to in s7 comes with nothing to measure.
  mkdirSync(join(session.a, ELSEWHERE));
  await session.adapter.propagate?.({ kind: "write", path: ELSEWHERE });
  await add(session);
  if (scenarios.has("s4")) await overwriteMiddle(session);
  const inserted = scenarios.has("s5");
  if (inserted) await insertAtFront(session);
  if (scenarios.has("s7")) await move(session, scale.bigFileBytes + (inserted ? 1 : 0));
}

async function add(session: Session): Promise<void> {
  const { a, b, staging, options } = session;
  const sizeBytes = options.scale.bigFileBytes;
  await makeBigFile(join(staging, NAME), sizeBytes, "big file");
  await measure(session, {
    scenario: "s1",
    row: "s1 add big file",
    change: () => {
      renameSync(join(staging, NAME), join(a, NAME));
      return { kind: "write", path: NAME };
    },
    shown: filesShown(b, [{ path: NAME, sizeBytes }]),
  });
}

async function overwriteMiddle(session: Session): Promise<void> {
  const { a, b, options } = session;
  const sizeBytes = options.scale.bigFileBytes;
  const bytes = incompressible("middle")(MIB);
  // Not on a boundary of any power of two: real edits aren't.
  const offset = Math.floor(sizeBytes / 2) + 12_345;
  const last = bytes.subarray(-64);
  await measure(session, {
    scenario: "s4",
    row: "s4 overwrite 1 MiB in the middle",
    change: () => {
      const file = openSync(join(a, NAME), "r+");
      writeSync(file, bytes, 0, bytes.length, offset);
      closeSync(file);
      return { kind: "write", path: NAME };
    },
    shown: both(
      bytesShown(join(b, NAME), { sizeBytes, offset, bytes: bytes.subarray(0, 64) }),
      bytesShown(join(b, NAME), { sizeBytes, offset: offset + MIB - last.length, bytes: last }),
    ),
  });
}

async function insertAtFront(session: Session): Promise<void> {
  const { a, b, staging, options } = session;
  const sizeBytes = options.scale.bigFileBytes + 1;
  const front = Buffer.alloc(65);
  copyWithByteInFront(join(a, NAME), join(staging, NAME), front);
  await measure(session, {
    scenario: "s5",
    row: "s5 insert 1 byte at the front",
    // As most programs save: a new file, renamed over the old one. Writing it is not part of the time.
    change: () => {
      renameSync(join(staging, NAME), join(a, NAME));
      return { kind: "write", path: NAME };
    },
    shown: bytesShown(join(b, NAME), { sizeBytes, offset: 0, bytes: front }),
  });
}

async function move(session: Session, sizeBytes: number): Promise<void> {
  const { a, b } = session;
  const to = `${ELSEWHERE}/${NAME}`;
  await measure(session, {
    scenario: "s7",
    row: "s7 move big file",
    change: () => {
      renameSync(join(a, NAME), join(a, to));
      return { kind: "move", path: NAME, to };
    },
    shown: both(filesShown(b, [{ path: to, sizeBytes }]), filesGone(b, [{ path: NAME, sizeBytes }])),
  });
}

/** Fills `front` with the new file's first bytes. */
function copyWithByteInFront(from: string, to: string, front: Buffer): void {
  const [source, target] = [openSync(from, "r"), openSync(to, "w")];
  const block = Buffer.alloc(4 * MIB);
  writeSync(target, "+");
  for (let length = readSync(source, block); length > 0; length = readSync(source, block)) {
    writeSync(target, block, 0, length);
  }
  closeSync(source);
  closeSync(target);
  const check = openSync(to, "r");
  readSync(check, front, 0, front.length, 0);
  closeSync(check);
}
