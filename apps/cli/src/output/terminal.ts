/** Where a command reads from and writes to. */
export interface Terminal {
  /** Whether a person sits in front of both ends. */
  readonly isInteractive: boolean;
  /** Whether stderr can redraw a line. */
  readonly canRedraw: boolean;
  readonly columns: number;
  /** Writes a line to stdout: the result. */
  print(line: string): void;
  /** Writes a line to stderr: everything for people only. */
  note(line: string): void;
  /** Shows a line that the next one replaces; the empty one clears it. Only where `canRedraw`. */
  redraw(line: string): void;
  /** All of stdin, at most {@link maxInputBytes}. */
  readInput(): Promise<string>;
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
}

/** The longest input that is read: a password. */
export const maxInputBytes = 64 * 1024;
