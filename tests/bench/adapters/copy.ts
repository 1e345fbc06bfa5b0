import { join } from "node:path";
import type { Adapter, Place, System } from "./adapter.ts";
import { findVersion, runProgram } from "./run-program.ts";

/** The floor: `cp -a`, `mv` or `rm -rf` of exactly what changed. It detects nothing, has no network and no fsync. */
export const copySystem: System = {
  name: "cp",
  describe: async () => await findVersion(["cp", "--version"]),
  open,
};

function open({ a, b }: Place): Adapter {
  return {
    start: async () => undefined,
    stop: async () => undefined,
    pids: () => [],
    propagate: async (change) => {
      const target = join(b, change.path);
      if (change.kind === "remove") await runProgram(["rm", "-rf", target]);
      else if (change.kind === "move") await runProgram(["mv", target, join(b, change.to)]);
      else await runProgram(["cp", "-a", "-T", join(a, change.path), target]);
    },
    ownNames: [],
  };
}
