/** Why a program gave no answer. `missing`: it isn't installed, or can't be limited here. `refused`: it ended by itself without success. The others say which limit it ran into. */
export type ProgramFailure = "missing" | "refused" | "input_too_large" | "output_too_large" | "too_long" | "killed";

/** A program that was given a file ended without a usable answer. No fault of the server's: the file may be hostile or broken. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly failure: ProgramFailure;

  constructor(failure: ProgramFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
