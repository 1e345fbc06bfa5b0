import { ProblemError, type ProblemCode } from "@satchel/protocol";
import { DatabaseNewerError } from "../migrations/database-newer-error.ts";

/** What the worker is started with. */
export interface WorkerSettings {
  readonly path: string;
  /** Beside the thread that writes: the database is there, and stays as it is. */
  readonly readOnly?: boolean;
}

/** One method call: `section` and `method` as in `storeMethods`, or `store` and `ping` or `close`. */
export interface CallMessage {
  readonly id: number;
  readonly section: string;
  readonly method: string;
  readonly parameters: readonly unknown[];
}

/** The first answer has the id 0 and says whether the database could be opened. */
export type AnswerMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: EncodedError };

/** An error that keeps its meaning across threads, where classes are lost. */
export type EncodedError =
  | {
      readonly kind: "problem";
      readonly code: ProblemCode;
      readonly message: string;
      readonly extra: ProblemError["extra"];
      readonly retryAfterSeconds: number | undefined;
    }
  | { readonly kind: "database_newer"; readonly database: number; readonly program: number }
  | { readonly kind: "other"; readonly message: string; readonly stack: string | undefined };

export function encodeError(error: unknown): EncodedError {
  if (error instanceof ProblemError) {
    const { code, message, extra, retryAfterSeconds } = error;
    return { kind: "problem", code, message, extra, retryAfterSeconds };
  }
  if (error instanceof DatabaseNewerError) return { kind: "database_newer", ...error.versions };
  if (error instanceof Error) return { kind: "other", message: error.message, stack: error.stack };
  return { kind: "other", message: String(error), stack: undefined };
}

export function decodeError(error: EncodedError): Error {
  switch (error.kind) {
    case "problem": {
      const { code, message, extra, retryAfterSeconds } = error;
      return new ProblemError(code, message, {
        extra,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      });
    }
    case "database_newer":
      return new DatabaseNewerError(error);
    case "other": {
      const decoded = new Error(error.message);
      if (error.stack !== undefined) decoded.stack = error.stack;
      return decoded;
    }
  }
}
