type Field = readonly [tag: number, kind: keyof typeof sizeOfKind, value: Buffer];

/** Bytes of one value of a kind of field, as TIFF numbers its kinds: bytes, letters, and numbers of two and four bytes. */
const sizeOfKind = { 1: 1, 2: 1, 3: 2, 4: 4 } as const;
const rawSide = 64;

/** A digital negative (DNG, which is a TIFF file) of a grey square, with the camera's own picture beside it, as cameras write them. */
export function cameraFile(own: { readonly jpeg: Buffer; readonly width: number; readonly height: number }): Buffer {
  const raw = Buffer.alloc(rawSide * rawSide * 2, 0x20);
  const header = Buffer.from("49492a0008000000", "hex");
  const directories = (rawAt: number, negativeAt: number): readonly [Buffer, Buffer] => [
    directory(header.length, pictureFields(own, rawAt + raw.length, negativeAt)),
    directory(negativeAt, negativeFields(rawAt, raw.length)),
  ];
  // Their lengths don't depend on where things are.
  const [first, second] = directories(0, 0);
  const negativeAt = header.length + first.length;
  return Buffer.concat([header, ...directories(negativeAt + second.length, negativeAt), raw, own.jpeg]);
}

function pictureFields(
  { jpeg, width, height }: Parameters<typeof cameraFile>[0],
  jpegAt: number,
  negativeAt: number,
): readonly Field[] {
  return [
    [254, 4, long(1)],
    [256, 4, long(width)],
    [257, 4, long(height)],
    [258, 3, short(8, 8, 8)],
    [259, 3, short(6)],
    [262, 3, short(6)],
    [271, 2, letters("Satchel")],
    [272, 2, letters("Test camera")],
    [273, 4, long(jpegAt)],
    [277, 3, short(3)],
    [278, 4, long(height)],
    [279, 4, long(jpeg.length)],
    [330, 4, long(negativeAt)],
    [50706, 1, Buffer.of(1, 4, 0, 0)],
    [50708, 2, letters("Satchel test camera")],
  ];
}

function negativeFields(rawAt: number, rawBytes: number): readonly Field[] {
  return [
    [254, 4, long(0)],
    [256, 4, long(rawSide)],
    [257, 4, long(rawSide)],
    [258, 3, short(16)],
    [259, 3, short(1)],
    [262, 3, short(32_803)],
    [273, 4, long(rawAt)],
    [277, 3, short(1)],
    [278, 4, long(rawSide)],
    [279, 4, long(rawBytes)],
    [33_421, 3, short(2, 2)],
    [33_422, 1, Buffer.of(0, 1, 1, 2)],
  ];
}

/** What is longer than four bytes stands behind the directory. */
function directory(at: number, fields: readonly Field[]): Buffer {
  const head = Buffer.alloc(2 + fields.length * 12 + 4);
  head.writeUInt16LE(fields.length, 0);
  const behind: Buffer[] = [];
  let behindAt = at + head.length;
  for (const [index, [tag, kind, value]] of fields.entries()) {
    const place = 2 + index * 12;
    head.writeUInt16LE(tag, place);
    head.writeUInt16LE(kind, place + 2);
    head.writeUInt32LE(value.length / sizeOfKind[kind], place + 4);
    if (value.length <= 4) value.copy(head, place + 8);
    else {
      head.writeUInt32LE(behindAt, place + 8);
      behind.push(value);
      behindAt += value.length;
    }
  }
  return Buffer.concat([head, ...behind]);
}

function letters(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

function short(...values: readonly number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

function long(value: number): Buffer {
  return Buffer.from(Uint32Array.of(value).buffer);
}
