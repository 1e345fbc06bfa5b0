import { formatDuration, formatSize, plural } from "./format.ts";

/** What is still to be done, as the engine tells it. */
export interface Pending {
  readonly uploads: number;
  readonly downloads: number;
  readonly bytes: number;
}

/** What remains of the former rate after one second: about the last five seconds count. */
const keptPerSecond = 0.8;

/**
 * Makes a progress line out of looks at what is pending: bytes done, files left, rate, time left. New work makes the total grow; the rate is an
 * exponential average of what was worked off, so that it moves calmly.
 */
export class ProgressMeter {
  #doneBytes = 0;
  #totalBytes = 0;
  #bytesPerSecond: number | undefined;
  #last: { readonly nowMs: number; readonly pending: Pending } | undefined;
  /** Of whole files. */
  #settledBytes = 0;
  /** What had been carried when there was something to do at first. */
  #startCarriedBytes: number | undefined;

  /**
   * The line for this moment; empty when nothing is to be done.
   *
   * @param carriedBytes what was carried so far, ever growing: a large file moves the line before it is whole
   */
  observe(nowMs: number, pending: Pending, carriedBytes = 0): string {
    if (pending.uploads + pending.downloads === 0) {
      this.#reset();
      return "";
    }
    const last = this.#last;
    this.#last = { nowMs, pending };
    this.#startCarriedBytes ??= carriedBytes;
    // More pending than before is work that was found, not work undone.
    this.#settledBytes += Math.max(0, (last?.pending.bytes ?? 0) - pending.bytes);
    this.#totalBytes = Math.max(this.#totalBytes, this.#settledBytes + pending.bytes);
    // What is carried twice, or for a file that changed meanwhile, is no more than all there is.
    const carried = Math.min(this.#totalBytes, carriedBytes - this.#startCarriedBytes);
    const done = Math.max(this.#doneBytes, this.#settledBytes, carried);
    if (last) this.#count(done - this.#doneBytes, (nowMs - last.nowMs) / 1000);
    this.#doneBytes = done;
    return this.#line(pending);
  }

  #reset(): void {
    this.#doneBytes = 0;
    this.#settledBytes = 0;
    this.#startCarriedBytes = undefined;
    this.#totalBytes = 0;
    this.#bytesPerSecond = undefined;
    this.#last = undefined;
  }

  #count(done: number, seconds: number): void {
    if (seconds <= 0) return;
    const rate = done / seconds;
    const kept = keptPerSecond ** seconds;
    this.#bytesPerSecond = this.#bytesPerSecond === undefined ? rate : this.#bytesPerSecond * kept + rate * (1 - kept);
  }

  #line(pending: Pending): string {
    const parts: string[] = [];
    if (pending.uploads > 0) parts.push(`↑ ${plural(pending.uploads, "file")}`);
    if (pending.downloads > 0) parts.push(`↓ ${plural(pending.downloads, "file")}`);
    if (this.#totalBytes > 0) {
      const percent = Math.floor((100 * this.#doneBytes) / this.#totalBytes);
      parts.push(`${formatSize(this.#doneBytes)} of ${formatSize(this.#totalBytes)} (${percent} %)`);
    }
    const rate = this.#bytesPerSecond;
    if (rate !== undefined && rate >= 1) {
      parts.push(`${formatSize(rate)}/s`);
      const leftBytes = this.#totalBytes - this.#doneBytes;
      if (leftBytes > 0) parts.push(`${formatDuration(leftBytes / rate)} left`);
    }
    return parts.join(" · ");
  }
}
