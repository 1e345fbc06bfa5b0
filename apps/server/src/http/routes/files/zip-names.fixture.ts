/** The names in a zip file's central directory, in its order. */
export function namesInZip(bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = view.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const names: string[] = [];
  let at = view.readUInt32LE(end + 16);
  while (view.readUInt32LE(at) === 0x02_01_4b_50) {
    const nameLength = view.readUInt16LE(at + 28);
    names.push(view.toString("utf8", at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return names;
}
