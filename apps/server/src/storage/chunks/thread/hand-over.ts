import { isMarkedAsUntransferable } from "node:worker_threads";

/** From this size on a buffer of its own changes hands; smaller ones are copied into one, since each transfer costs some 10 µs. */
const minTransferBytes = 64 * 1024;

type Views = readonly (Uint8Array | undefined)[];

/** Views to post to another thread, and the buffers to pass with them, each once. */
export interface HandOver {
  readonly views: (Uint8Array | undefined)[];
  readonly buffers: ArrayBuffer[];
}

/**
 * Prepares bytes for `postMessage`: a buffer of which the views show the greater part is passed on as it is, and is empty here afterwards; the
 * others, small ones and those that hold much else, are copied together. Shared memory is seen on both sides, and stays the caller's.
 */
export function handOver(views: Views): HandOver {
  const passedOn = buffersToPassOn(views);
  const staysWhole = ({ buffer }: Uint8Array): boolean => buffer instanceof SharedArrayBuffer || passedOn.has(buffer);
  let copiedBytes = 0;
  for (const view of views) if (view !== undefined && !staysWhole(view)) copiedBytes += view.byteLength;
  const together = new Uint8Array(copiedBytes);
  let at = 0;
  const handed = views.map((view) => {
    if (view === undefined || staysWhole(view)) return view;
    together.set(view, at);
    at += view.byteLength;
    return together.subarray(at - view.byteLength, at);
  });
  return { views: handed, buffers: [together.buffer, ...(passedOn as Set<ArrayBuffer>)] };
}

/**
 * Large buffers that the call shows for the greater part, as a bundle that was read in one go and then divided. One whose views overlap stays here, lest
 * two chunks share their memory there.
 */
function buffersToPassOn(views: Views): Set<ArrayBufferLike> {
  const byBuffer = new Map<ArrayBufferLike, Uint8Array[]>();
  for (const view of views) {
    if (view === undefined || view.buffer.byteLength < minTransferBytes || !(view.buffer instanceof ArrayBuffer))
      continue;
    const others = byBuffer.get(view.buffer);
    if (others) others.push(view);
    else byBuffer.set(view.buffer, [view]);
  }
  // Node's pool of small buffers is as large, and what was cut from it may be most of it; but it can't change hands.
  const mayPassOn = [...byBuffer].filter(
    ([buffer, shown]) => !isMarkedAsUntransferable(buffer) && isMostlyShown(buffer, shown),
  );
  return new Set(mayPassOn.map(([buffer]) => buffer));
}

function isMostlyShown(buffer: ArrayBufferLike, shown: Uint8Array[]): boolean {
  let end = 0;
  let bytes = 0;
  for (const view of shown.toSorted((a, b) => a.byteOffset - b.byteOffset)) {
    if (view.byteOffset < end) return false;
    end = view.byteOffset + view.byteLength;
    bytes += view.byteLength;
  }
  return bytes * 2 > buffer.byteLength;
}
