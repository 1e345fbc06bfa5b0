import { LoginRevokedError, OfflineError, UnexpectedAnswerError } from "@satchel/api-client";
import { ProblemError } from "@satchel/protocol";
import type { ProblemCode } from "@satchel/protocol";
import { CommandError, exitCode } from "./exit-code.ts";
import type { ExitCode } from "./exit-code.ts";

export interface Explanation {
  readonly exitCode: ExitCode;
  /** What happened and what to do next, without a stack. */
  readonly sentence: string;
}

/** What a failure means to the person in front of the command. */
export function explainError(error: unknown): Explanation {
  if (error instanceof CommandError) return { exitCode: error.exitCode, sentence: error.message };
  if (error instanceof LoginRevokedError) {
    return {
      exitCode: exitCode.notLoggedIn,
      sentence: `${capitalise(error.message)}: sign in with \`satchel login URL\`.`,
    };
  }
  if (error instanceof OfflineError) {
    return {
      exitCode: exitCode.offline,
      sentence: `The server can't be reached (${error.message}): check that it runs and that its address is right.`,
    };
  }
  if (error instanceof UnexpectedAnswerError) {
    return {
      exitCode: exitCode.failed,
      sentence: `What answered is not a Satchel server that this program understands (${error.message}): check the address, and that both are up to date.`,
    };
  }
  if (error instanceof ProblemError) return explainProblem(error);
  return { exitCode: exitCode.failed, sentence: explainSystemError(error) };
}

function explainProblem(error: ProblemError): Explanation {
  const signInAgain = error.code === "unauthenticated" || error.code === "token_expired";
  if (signInAgain) {
    return {
      exitCode: exitCode.notLoggedIn,
      sentence: "The server doesn't accept this device's login: sign in with `satchel login URL`.",
    };
  }
  const advice = adviceFor[error.code] ?? adviceForClass[error.class];
  return { exitCode: exitCode.failed, sentence: `${capitalise(error.message.replace(/\.$/, ""))}: ${advice}.` };
}

const adviceForClass = {
  retry: "try again in a while",
  ask: "ask who runs the server",
  replan: "look at what is there now, then try again",
  stop: "this can't succeed as it is; `--help` tells what a command expects",
};

const adviceFor: Partial<Record<ProblemCode, string>> = {
  wrong_credentials: "check what you typed, then try again",
  not_found: "`satchel ls` shows what there is",
  name_taken: "choose another name, or move what is there away",
  quota_exceeded: "delete something, or ask for more space",
  cycle: "choose a place outside of it",
  internal: "try again, and look at the server's log if it stays",
};

const systemSentences: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "this account may not do that there; change the permissions or choose another place",
  EPERM: "this account may not do that there; change the permissions or choose another place",
  EISDIR: "that is a folder; name a file",
  ENOTDIR: "a part of the path is a file; choose another path",
  ENOSPC: "the disk is full; free some space",
  EDQUOT: "the disk quota is used up; free some space",
  EROFS: "the disk can only be read; choose another place",
  EADDRINUSE: "the address is in use; choose another port with --listen",
};

function explainSystemError(error: unknown): string {
  if (!(error instanceof Error)) return `Something went wrong (${String(error)}): try again.`;
  const code = "code" in error ? String(error.code) : "";
  const path = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
  const known = systemSentences[code];
  if (known) return `${path}${path ? known : capitalise(known)}.`;
  return `${capitalise(error.message.split("\n", 1)[0] ?? error.name)}: try again, and report it if it stays.`;
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
