/** From this size on a buffer of its own changes hands; smaller ones are copied into one, since each transfer costs some 10 µs. */
const minTransferBytes = 64 * 1024;

type Views = readonly (Uint8Array | undefined)[];

/** Views to post to another thread, and the buffers to pass with them, each once. */
export interface HandOver {
  readonly views: (Uint8Array | undefined)[];
  readonly buffers: ArrayBuffer[];
}

/**
 * Prepares bytes for `postMessage`: a large view over all of its buffer is passed on as it is, and is empty here afterwards;
 * small views, and parts of larger buffers, are copied together.
 */
export function handOver(views: Views): HandOver {
  const whole = buffersOfOneView(views);
  let copiedBytes = 0;
  for (const view of views) if (view !== undefined && !whole.has(view.buffer)) copiedBytes += view.byteLength;
  const together = new Uint8Array(copiedBytes);
  let at = 0;
  const handed = views.map((view) => {
    if (view === undefined || whole.has(view.buffer)) return view;
    together.set(view, at);
    at += view.byteLength;
    return together.subarray(at - view.byteLength, at);
  });
  return { views: handed, buffers: [together.buffer, ...(whole as Set<ArrayBuffer>)] };
}

/** Large buffers that the call shows once, and whole. One that is shown twice stays here, lest two chunks share their memory there. */
function buffersOfOneView(views: Views): Set<ArrayBufferLike> {
  const uses = new Map<ArrayBufferLike, number>();
  for (const view of views) if (view !== undefined) uses.set(view.buffer, (uses.get(view.buffer) ?? 0) + 1);
  return new Set(
    views.flatMap((view) =>
      view !== undefined && uses.get(view.buffer) === 1 && ownsItsBuffer(view) ? [view.buffer] : [],
    ),
  );
}

function ownsItsBuffer(view: Uint8Array): boolean {
  return (
    view.byteLength >= minTransferBytes &&
    view.byteLength === view.buffer.byteLength &&
    view.buffer instanceof ArrayBuffer
  );
}
