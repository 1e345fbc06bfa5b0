/** Work that can be interrupted after each of its steps, none of which takes more than a few milliseconds. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** How long the page belongs to such work before it may draw and hear again, in milliseconds: half of a frame. */
const sliceMs = 8;

/** Does the work bit by bit: between two slices the page draws, and hears its person. @throws the signal's reason */
export async function inSlices<Result>(steps: Steps<Result>, signal: AbortSignal): Promise<Result> {
  let sliceEndsMs = performance.now() + sliceMs;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < sliceEndsMs) continue;
    await afterOthers();
    signal.throwIfAborted();
    sliceEndsMs = performance.now() + sliceMs;
  }
}

/** Does the work in one go. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** When all that waits has had its turn. A message, since timers are slowed down by browsers. */
export function afterOthers(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
