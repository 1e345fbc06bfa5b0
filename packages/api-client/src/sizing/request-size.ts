/** The first request is small: on a line of 50 kbit/s it takes 3 s. */
export const firstRequestBytes = 16 * 1024;
/** What no proxy refuses; smaller requests would be nothing but headers. */
export const minRequestBytes = 4 * 1024;
export const maxRequestBytes = 4 * 1024 * 1024;
/** A request is meant to take half of this; what takes longer risks to be cut off by something on the way, and to travel twice. */
export const maxRequestMs = 8000;
const minRequestMs = 1000;
/** A connection that breaks earlier than this was not cut for taking long. */
const resetWithinMs = 1000;
const maxGrowth = 4;
/** After so many failures in a row of requests larger than any that got through, their size is taken for the reason. */
const suspiciousFailures = 3;
/** A time limit that was met is forgotten this slowly, a step with each request that gets through. */
const forgetting = 1.02;

/**
 * How large a request may be at the moment: grows while requests are answered quickly, and shrinks when they take long, are cut off, or are refused for their size.
 * One for each direction of a connection.
 */
export class RequestSize {
  readonly #allowedBytes: () => number;
  #bytes = firstRequestBytes;
  #ceilingBytes = maxRequestBytes;
  #limitMs = maxRequestMs;
  #provenBytes = 0;
  #suspicions = 0;

  /** @param allowedBytes what else bounds a request, such as a limit that a person set; asked for each time */
  constructor(allowedBytes: () => number = () => maxRequestBytes) {
    this.#allowedBytes = allowedBytes;
  }

  get bytes(): number {
    return Math.max(minRequestBytes, Math.min(this.#bytes, this.#allowedBytes()));
  }

  /** A request of so many bytes was answered after so long. */
  done(bytes: number, elapsedMs: number): void {
    this.#suspicions = 0;
    this.#provenBytes = Math.max(this.#provenBytes, bytes);
    this.#limitMs = Math.min(maxRequestMs, this.#limitMs * forgetting);
    const factor = this.#limitMs / 2 / Math.max(1, elapsedMs);
    // A request that was not even half of what it might have been says nothing about larger ones, unless it was slow.
    if (factor > 1 && bytes >= this.#bytes / 2) this.#set(bytes * Math.min(maxGrowth, factor));
    else if (factor < 2 / 3) this.#set(Math.min(this.#bytes, bytes * factor));
  }

  /** A request was refused for its size. Returns whether a smaller one is worth trying. */
  tooLarge(bytes: number): boolean {
    if (bytes <= minRequestBytes) return false;
    this.#ceilingBytes = Math.max(minRequestBytes, Math.min(this.#ceilingBytes, Math.floor(bytes / 2)));
    this.#set(this.#bytes);
    return true;
  }

  /** A request got no answer. */
  cut(bytes: number, elapsedMs: number): void {
    if (elapsedMs >= resetWithinMs) {
      this.#limitMs = Math.max(minRequestMs, Math.min(this.#limitMs, elapsedMs * 0.8));
      this.#set(this.#bytes / 2);
    } else if (bytes > this.#provenBytes) {
      // Some refuse a large request by breaking the connection while it is being sent.
      this.#suspicions += 1;
      if (this.#suspicions >= suspiciousFailures) this.tooLarge(bytes);
      else this.#set(this.#bytes / 2);
    }
  }

  /** Another network: what was found out about the last one counts no more. */
  forget(): void {
    this.#bytes = firstRequestBytes;
    this.#ceilingBytes = maxRequestBytes;
    this.#limitMs = maxRequestMs;
    this.#provenBytes = 0;
    this.#suspicions = 0;
  }

  #set(bytes: number): void {
    this.#bytes = Math.floor(Math.max(minRequestBytes, Math.min(this.#ceilingBytes, bytes)));
  }
}
