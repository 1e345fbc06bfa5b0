/** SQLite's result codes for a disk that fails, is full, or may not be written (https://www.sqlite.org/rescode.html). */
const unwritableCodes = new Set([8, 10, 13]);

/** The device's own memory can't be written at the moment, most often since the disk is full. Nothing of it is lost that a scan and the feed don't bring back. */
export class StateUnwritableError extends Error {
  override readonly name = "StateUnwritableError";

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `What Satchel remembers of this folder can't be written (${reason}). Free some space on the disk; it goes on by itself.`,
      { cause },
    );
  }
}

export function isUnwritable(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return false;
  // The low byte is the kind, the rest its details.
  return unwritableCodes.has(error.errcode & 0xff);
}
