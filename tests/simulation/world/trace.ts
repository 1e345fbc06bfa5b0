import { createHash } from "node:crypto";

/** What happened in a world, line by line. Two runs of one seed have the same hash. */
export class Trace {
  readonly #elapsedMs: () => number;
  readonly #hash = createHash("sha256");
  readonly #keep: boolean;
  readonly lines: string[] = [];

  /** Without `keep` only the hash is made. */
  constructor(options: { readonly elapsedMs: () => number; readonly keep: boolean }) {
    this.#elapsedMs = options.elapsedMs;
    this.#keep = options.keep;
  }

  add(who: string, what: string): void {
    const line = `${this.#elapsedMs().toFixed(3).padStart(12)} ${who.padEnd(6)} ${what}`;
    this.#hash.update(line);
    if (this.#keep) this.lines.push(line);
  }

  /** Ends the trace. */
  digest(): string {
    return this.#hash.digest("hex").slice(0, 16);
  }
}
