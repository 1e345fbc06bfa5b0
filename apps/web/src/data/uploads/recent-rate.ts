/** How long a rate looks back. */
const rateWindowMs = 5000;

/** How fast bytes went lately. */
export class RecentRate {
  #sent: { readonly atMs: number; readonly bytes: number }[] = [];

  add(bytes: number): void {
    this.#sent.push({ atMs: performance.now(), bytes });
  }

  /** By what was sent in the last seconds; 0 while nothing moves. */
  bytesPerSecond(): number {
    const sinceMs = performance.now() - rateWindowMs;
    this.#sent = this.#sent.filter(({ atMs }) => atMs >= sinceMs);
    const [first] = this.#sent;
    if (!first) return 0;
    const seconds = Math.max(0.5, (performance.now() - first.atMs) / 1000);
    return this.#sent.reduce((sum, { bytes }) => sum + bytes, 0) / seconds;
  }
}
