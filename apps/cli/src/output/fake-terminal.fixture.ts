import type { Terminal } from "./terminal.ts";

export interface FakeTerminal extends Terminal {
  /** Lines on stdout. */
  readonly out: string[];
  /** Lines on stderr. */
  readonly notes: string[];
  /** Progress lines. */
  readonly drawn: string[];
}

/** A terminal that remembers what it was told. With `answers`, a person sits in front of it. */
export function fakeTerminal(options: { input?: string; answers?: string[]; canRedraw?: boolean } = {}): FakeTerminal {
  const [out, notes, drawn]: [string[], string[], string[]] = [[], [], []];
  return {
    out,
    notes,
    drawn,
    isInteractive: options.answers !== undefined,
    canRedraw: options.canRedraw ?? false,
    columns: 80,
    print: (line) => void out.push(line),
    note: (line) => void notes.push(line),
    redraw: (line) => void drawn.push(line),
    readInput: async () => options.input ?? "",
    ask: async (question) => options.answers?.shift() ?? `no answer to ${question}`,
  };
}
