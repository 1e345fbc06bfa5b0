/** What the command's end means to scripts; docs/spec/cli.md has the list. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  notLoggedIn: 3,
  offline: 4,
  incomplete: 5,
  timedOut: 124,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends a command with an exit code and one sentence that says what to do next. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(code: ExitCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.exitCode = code;
  }
}
