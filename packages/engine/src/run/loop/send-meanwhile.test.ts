import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../../ports/clock.ts";
import type { EngineParts } from "../parts.ts";
import type { Dispatcher } from "../work/dispatcher.ts";
import { sendMeanwhile, type Midst } from "./send-meanwhile.ts";
import { Wake } from "./wake.ts";

test("[EN125] a look waits while too much of what it found is on its way, and the server is heard meanwhile", async () => {
  const world = open({ answers: [true, true, false] });
  await world.run();
  assert.deepEqual(world.said, ["hear", "send", "keep", "hear", "send", "keep", "hear", "send"]);
});

test("[EN125] a look that found little, or can't ask the server, or is to end, waits for nothing", async () => {
  const [few, offline, ending, paused] = [
    open({ answers: [true], found: 3 }),
    open({ answers: [true], isOffline: true }),
    open({ answers: [true], isEnding: true }),
    open({ answers: [true], isPaused: true }),
  ];
  for (const world of [few, offline, ending, paused]) await world.run();
  assert.deepEqual([few.said, offline.said, ending.said, paused.said], [[], [], ["hear"], ["hear"]]);
});

interface Situation {
  /** Whether there is too much, each time that it is asked. */
  readonly answers: boolean[];
  readonly found?: number;
  readonly isOffline?: boolean;
  readonly isEnding?: boolean;
  readonly isPaused?: boolean;
}

function open({ answers, found = 500, isOffline = false, isEnding = false, isPaused = false }: Situation) {
  const said: string[] = [];
  const say = (what: string): Promise<void> => Promise.resolve(void said.push(what));
  const clock: Clock = { nowMs: () => 0, sleep: () => Promise.resolve() };
  const parts = {
    state: { freshCount: found },
    connection: { mayTry: !isOffline },
    wake: new Wake(clock),
    keepIfDue: () => say("keep"),
  } as unknown as EngineParts;
  const dispatcher = {
    sendMeanwhile: () => say("send").then(() => answers.shift() === true),
  } as unknown as Dispatcher;
  const midst: Midst = {
    signal: isEnding ? AbortSignal.abort() : new AbortController().signal,
    hear: () => say("hear"),
    mayGoOn: () => Promise.resolve(!isPaused),
  };
  return { said, run: () => sendMeanwhile(parts, dispatcher, midst) };
}
