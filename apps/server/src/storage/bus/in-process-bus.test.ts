import { busContract } from "./bus.contract.ts";
import { createInProcessBus } from "./in-process-bus.ts";

busContract("in one process", async () => {
  const errors: unknown[] = [];
  const bus = createInProcessBus({ onListenerError: (error) => errors.push(error) });
  return { one: bus, other: bus, errors, [Symbol.asyncDispose]: async () => {} };
});
