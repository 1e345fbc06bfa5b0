import { createTokenSource, type Tokens, type TokenSource } from "@satchel/api-client";
import type { LoginResponse } from "@satchel/protocol";
import type { Process } from "./process.ts";

/** Reading and writing the file of tokens takes up to so long. */
const loadMs = 1;
const saveMs = 4;

/** Where a device keeps its tokens, whatever becomes of its program. */
export interface TokenDrawer {
  tokens: Tokens;
}

/** The real token source of one run of a program. What it saved stays; a program that is killed before that has the former tokens still. */
export function simTokens(parts: {
  readonly process: Process;
  readonly drawer: TokenDrawer;
  readonly nowMs: () => number;
  readonly refresh: (refreshToken: string) => Promise<LoginResponse>;
}): TokenSource {
  const { process, drawer, nowMs, refresh } = parts;
  return createTokenSource({
    store: {
      load: () => process.call(loadMs, () => drawer.tokens),
      save: (tokens) =>
        process.call(saveMs, () => {
          drawer.tokens = tokens;
        }),
      // One program of a device runs at a time.
      exclusively: (work) => work(),
    },
    refresh,
    timing: { nowMs, sleep: () => Promise.resolve(), random: () => 0 },
  });
}
