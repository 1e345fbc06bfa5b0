import type { Host } from "../../host.ts";

/** After a pause of this length what was typed becomes a version [LV7]; while nobody pauses, after this long. */
export const pauseMs = 2000;
export const maxUnsavedMs = 30_000;

/** Says when the next version of a session is due: at a pause, and not too late where there is none. */
export class SaveClock {
  readonly #host: Host;
  readonly #onDue: () => void;
  #unsavedSinceMs: number | undefined;
  #cancel = (): void => {};

  constructor(host: Host, onDue: () => void) {
    this.#host = host;
    this.#onDue = onDue;
  }

  /** Something isn't in a version yet. */
  typed(): void {
    const nowMs = this.#host.nowMs();
    this.#unsavedSinceMs ??= nowMs;
    this.#dueIn(Math.max(0, Math.min(pauseMs, this.#unsavedSinceMs + maxUnsavedMs - nowMs)));
  }

  /** A version was tried: what comes from now on is unsaved since then. */
  tried(): void {
    this.#unsavedSinceMs = undefined;
  }

  /** It was refused, for a reason that a pause won't change. */
  refused(): void {
    this.#dueIn(maxUnsavedMs);
  }

  stop(): void {
    this.#cancel();
  }

  #dueIn(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#host.after(delayMs, this.#onDue);
  }
}
