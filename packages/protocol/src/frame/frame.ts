// The language's library has no text codec, and every host does; declared here so that this package sees nothing else of its host.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** The media type of a frame. */
export const frameMediaType = "application/vnd.satchel.frame";

/** The longest JSON head of a frame, in bytes. */
export const maxFrameHeadBytes = 8 * 1024 * 1024;

/**
 * A frame is one JSON document followed by raw bytes, so that chunks travel beside what is said of them without base64: 4 bytes of big-endian
 * head length, the head in UTF-8, then the body, whose division the head tells. Returns the pieces in order, not copied.
 */
export function encodeFrame(head: unknown, body: readonly Uint8Array[]): Uint8Array[] {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const prefix = new Uint8Array(4 + json.length);
  new DataView(prefix.buffer).setUint32(0, json.length);
  prefix.set(json, 4);
  return [prefix, ...body];
}

export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** The head, still to be validated, and the body as a view on `bytes`. @throws FrameError when `bytes` is no frame. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < 4) throw new FrameError("the frame is shorter than its length field");
  const headBytes = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  if (headBytes > maxFrameHeadBytes) throw new FrameError(`the frame's head is longer than ${maxFrameHeadBytes} bytes`);
  if (4 + headBytes > bytes.length) throw new FrameError("the frame ends inside its head");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(4, 4 + headBytes));
    return { head: JSON.parse(text), body: bytes.subarray(4 + headBytes) };
  } catch (cause) {
    throw new FrameError("the frame's head is not JSON", { cause });
  }
}

/** Cuts a frame's body into pieces of the sizes that the head told. @throws FrameError when they don't add up to the body. */
export function splitFrameBody(body: Uint8Array, sizesBytes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const size of sizesBytes) {
    pieces.push(body.subarray(offset, offset + size));
    offset += size;
  }
  if (offset !== body.length)
    throw new FrameError(`the frame's body has ${body.length} bytes, its head tells ${offset}`);
  return pieces;
}

export class FrameError extends Error {
  override readonly name = "FrameError";
}
