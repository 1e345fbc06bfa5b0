import { z } from "zod";

/** The largest file, in bytes (2^46, 64 TiB): what JSON numbers and the manifest's bounds can carry with room to spare. */
export const maxFileSizeBytes = 2 ** 46;

export const fileSizeSchema = z.number().int().min(0).max(maxFileSizeBytes);

/** An instant in RFC 3339 with milliseconds, such as `2026-01-31T12:00:00.000Z`; always UTC. */
export const timestampSchema = z.iso.datetime({ offset: true });

/** @throws RangeError when the instant is outside what a calendar can say. */
export function formatTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function parseTimestamp(text: string): number {
  return Date.parse(text);
}

/** A link's target: never followed, kept as it is. */
export const linkTargetSchema = z
  .string()
  .min(1)
  .max(4095)
  .refine((target) => target.isWellFormed() && !target.includes("\0"), "a link's target is Unicode without NUL");

/** A manifest on the wire: base64 of 36 bytes a chunk, the binary hash and the size as a big-endian 32-bit number. */
export const packedChunksSchema = z.base64();
