import { isMarkedAsUntransferable } from "node:worker_threads";

/** Below this a buffer is left to the garbage collector: asking would cost as much as it saves. */
const minReleasedBytes = 16 * 1024;

/**
 * Gives the memory of bytes back at once that nobody will look at again; the view is empty afterwards. Left to the garbage collector, the buffers that a large
 * file passes through make it go over its whole heap hundreds of times, and each new one is of pages that were never touched
 * (docs/decisions/0009-memory-of-chunks.md).
 *
 * The caller owns the bytes, and no system call is under way with them. Bytes that share their buffer with others are left alone.
 */
export function releaseBytes(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < minReleasedBytes) return;
  if (bytes.byteLength === buffer.byteLength) releaseBuffer(buffer);
}

/** The same for a whole buffer that its caller owns. */
export function releaseBuffer(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)) buffer.transfer(0);
}
