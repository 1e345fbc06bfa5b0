import { createInterface } from "node:readline";
import { pipeline, Readable } from "node:stream";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { BackupError } from "../../storage/backup/backup-store.ts";
import type { SnapshotPage, SnapshotRow } from "../../storage/metadata/metadata-archive.ts";
import { openStream, sealStream } from "./sealed-stream.ts";

/** What a snapshot begins with. */
export interface SnapshotHead {
  readonly format: "satchel-snapshot";
  readonly version: 1;
  /** Of the database's tables. */
  readonly schema: number;
  readonly takenAtMs: number;
  /** The key of the server's tokens and of its audit log's seal, in hex: with it, devices stay signed in. */
  readonly signingKey: string;
}

/** A snapshot as bytes: JSON lines (the head; then pages of rows, bytes in hex; at last the number of rows), compressed by zstd, sealed. */
export function encodeSnapshot(
  key: Uint8Array,
  head: SnapshotHead,
  pages: AsyncIterable<SnapshotPage>,
): AsyncIterable<Uint8Array> {
  const compressed = pipeline(Readable.from(snapshotLines(head, pages)), createZstdCompress(), () => undefined);
  return sealStream(key, compressed);
}

/** The head, and the pages behind it, which are complete only when they end without an error. @throws BackupError, SealBrokenError */
export async function decodeSnapshot(
  key: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
): Promise<{
  readonly head: SnapshotHead;
  readonly pages: AsyncIterable<SnapshotPage>;
  /** For who wants no pages. */
  close(): void;
}> {
  const source = Readable.from(openStream(key, sealed), { objectMode: false });
  const plain = pipeline(source, createZstdDecompress(), () => undefined);
  const lines = createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const first = await nextLine(lines, source);
  const head = JSON.parse(first ?? "null") as SnapshotHead | null;
  if (head?.format !== "satchel-snapshot") throw new BackupError("this is no snapshot of Satchel");
  if (head.version > 1) throw new BackupError("the snapshot was made by a newer version of Satchel; run that version");
  return { head, pages: decodePages(lines, source), close: () => void source.destroy() };
}

async function* snapshotLines(head: SnapshotHead, pages: AsyncIterable<SnapshotPage>): AsyncGenerator<string> {
  yield `${JSON.stringify(head)}\n`;
  let rows = 0;
  for await (const page of pages) {
    rows += page.rows.length;
    yield `${JSON.stringify({ table: page.table, rows: page.rows.map(encodeRow) })}\n`;
  }
  yield `${JSON.stringify({ end: rows })}\n`;
}

async function* decodePages(lines: AsyncIterator<string>, source: Readable): AsyncGenerator<SnapshotPage> {
  let rows = 0;
  for (;;) {
    const line = await nextLine(lines, source);
    if (line === undefined) throw new BackupError("the snapshot is cut off");
    const page = JSON.parse(line) as { table: string; rows: EncodedRow[] } | { end: number };
    if ("end" in page) {
      if (page.end !== rows) throw new BackupError(`the snapshot has ${rows} rows instead of ${page.end}`);
      return;
    }
    rows += page.rows.length;
    yield { table: page.table, rows: page.rows.map(decodeRow) };
  }
}

/** What went wrong in the source goes before what a reader of lines makes of it. */
async function nextLine(lines: AsyncIterator<string>, source: Readable): Promise<string | undefined> {
  const next = await lines.next();
  if (source.errored) throw source.errored;
  return next.done ? undefined : next.value;
}

type EncodedRow = Record<string, string | number | null | { readonly hex: string }>;

function encodeRow(row: SnapshotRow): EncodedRow {
  const fields = Object.entries(row).map(([name, value]) => {
    return [name, value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : value];
  });
  return Object.fromEntries(fields) as EncodedRow;
}

function decodeRow(row: EncodedRow): SnapshotRow {
  const fields = Object.entries(row).map(([name, value]) => {
    return [name, value !== null && typeof value === "object" ? Uint8Array.fromHex(value.hex) : value];
  });
  return Object.fromEntries(fields) as SnapshotRow;
}
