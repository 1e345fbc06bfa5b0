/** What stands in an archive; paths are relative, with `/` between names. */
export interface TarEntry {
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
  /** Of a file's content, which follows: exactly as much. */
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly executable: boolean;
  readonly linkTarget: string | null;
}

const blockBytes = 512;
const typeFlags = { file: "0", link: "2", folder: "5" } as const;
/** The largest number that the header's 11 octal digits hold; more stands in the extended header. */
const maxHeaderSize = 8 ** 11 - 1;

/** An entry's header in the pax format (POSIX.1-2001), which takes names of any length in UTF-8, sizes of any size and times with fractions. */
export function tarHeader(entry: TarEntry): Uint8Array {
  const name = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  const records: [string, string][] = [
    ["path", name],
    ["mtime", (entry.modifiedMs / 1000).toFixed(3)],
  ];
  if (entry.linkTarget !== null) records.push(["linkpath", entry.linkTarget]);
  if (entry.sizeBytes > maxHeaderSize) records.push(["size", String(entry.sizeBytes)]);
  const extended = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  const extendedHeader = block({ name: "pax", size: extended.length, type: "x", mode: 0o644, modifiedMs: 0 });
  const mode = entry.kind === "folder" || entry.executable ? 0o755 : 0o644;
  const size = entry.kind === "file" ? Math.min(entry.sizeBytes, maxHeaderSize) : 0;
  const header = block({ name: "entry", size, type: typeFlags[entry.kind], mode, modifiedMs: entry.modifiedMs });
  return Buffer.concat([extendedHeader, extended, padding(extended.length), header]);
}

/** What follows a content of this size, up to the next block. */
export function padding(sizeBytes: number): Uint8Array {
  return new Uint8Array((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}

/** What ends an archive. */
export const tarEnd = new Uint8Array(2 * blockBytes);

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`, "utf8");
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function block(header: { name: string; size: number; type: string; mode: number; modifiedMs: number }): Buffer {
  const bytes = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  bytes.write(header.name, 0);
  bytes.write(`${octal(header.mode, 7)}\0`, 100);
  bytes.write(`${octal(0, 7)}\0${octal(0, 7)}\0`, 108);
  bytes.write(`${octal(header.size, 11)}\0`, 124);
  bytes.write(`${octal(Math.max(0, Math.floor(header.modifiedMs / 1000)), 11)}\0`, 136);
  bytes.write("        ", 148);
  bytes.write(header.type, 156);
  bytes.write("ustar\0" + "00", 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}
