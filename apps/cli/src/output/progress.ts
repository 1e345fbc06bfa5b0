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

  /** The line for this moment; empty when nothing is to be done. */
  observe(nowMs: number, pending: Pending): string {
    if (pending.uploads + pending.downloads === 0) {
      this.#reset();
      return "";
    }
    const last = this.#last;
    this.#last = { nowMs, pending };
    if (last) this.#count(last.pending.bytes - pending.bytes, (nowMs - last.nowMs) / 1000);
    this.#totalBytes = Math.max(this.#totalBytes, this.#doneBytes + pending.bytes);
    return this.#line(pending);
  }

  #reset(): void {
    this.#doneBytes = 0;
    this.#totalBytes = 0;
    this.#bytesPerSecond = undefined;
    this.#last = undefined;
  }

  #count(workedOffBytes: number, seconds: number): void {
    // More pending than before is work that was found, not work undone.
    const done = Math.max(0, workedOffBytes);
    this.#doneBytes += done;
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
      if (pending.bytes > 0) parts.push(`${formatDuration(pending.bytes / rate)} left`);
    }
    return parts.join(" · ");
  }
}
