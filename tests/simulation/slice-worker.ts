// A thread of the simulation: plays the slices of seeds that it is sent.
import { on } from "node:events";
import { parentPort } from "node:worker_threads";
import { playSlice, type Slice } from "./play-many.ts";

if (!parentPort) throw new Error("this is a thread's program");
for await (const [slice] of on(parentPort, "message") as AsyncIterable<[Slice]>)
  parentPort.postMessage(await playSlice(slice));
