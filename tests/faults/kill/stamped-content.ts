import { hash } from "node:crypto";
import type { SeededRandom } from "@satchel/testkit";

const STAMP_BYTES = 64;
const LINE = /^(?:[abc] \d+ [0-9a-f]{8}\n)*$/;

/** Bytes that begin with the SHA-256 of all that follows: whoever reads them sees whether they are whole. */
export function stampedContent(random: SeededRandom, sizeBytes: number): Buffer {
  const body = Buffer.from(random.bytes(sizeBytes));
  return Buffer.concat([Buffer.from(hash("sha256", body)), body]);
}

/** Whether a file holds everything that {@link stampedContent} made, and nothing else. */
export function isWhole(content: Uint8Array): boolean {
  if (content.length < STAMP_BYTES) return false;
  return Buffer.from(content.subarray(0, STAMP_BYTES)).toString() === hash("sha256", content.subarray(STAMP_BYTES));
}

/** A line for a file that several devices append to: who wrote it, its number, and something that no other line has. */
export function logLine(writer: string, number: number, random: SeededRandom): string {
  return `${writer} ${number} ${random.uint32().toString(16).padStart(8, "0")}\n`;
}

/** Whether a file consists of whole lines. */
export function hasWholeLines(content: Uint8Array): boolean {
  return LINE.test(Buffer.from(content).toString());
}
