import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startChild, type Child } from "../../e2e/support/child.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import type { Adapter, Place, System } from "./adapter.ts";
import { freePort } from "@satchel/testkit";
import { findVersion } from "./run-program.ts";

const START_TIMEOUT_MS = 15_000;

/** Unison over a socket, watching both sides where `unison-fsmonitor` is installed and polling where it is not. */
export const unisonSystem: System = {
  name: "unison",
  describe: async () => {
    const version = await findVersion(["unison", "-version"]);
    if (version === undefined) return undefined;
    const how = (await watches()) ? "-repeat watch with unison-fsmonitor" : "-repeat 1 (no unison-fsmonitor: it polls)";
    return `${version}; socket, ${how}, -batch -fastcheck true -times`;
  },
  open,
};

async function watches(): Promise<boolean> {
  return (await findVersion(["unison-fsmonitor", "--help"])) !== undefined;
}

function open({ a, b, state }: Place): Adapter {
  const children: Child[] = [];
  const startSide = async (side: string, command: readonly string[]): Promise<Child> => {
    const archive = join(state, `unison-${side}`);
    await mkdir(archive, { recursive: true });
    const logPath = join(state, `unison-${side}.log`);
    const child = await startChild({ command: ["unison", ...command], logPath, environment: { UNISON: archive } });
    children.push(child);
    return child;
  };
  return {
    start: async () => {
      const port = await freePort();
      const server = await startSide("b", ["-host", "127.0.0.1", "-socket", `${port}`]);
      await server.waitForOutput(/server started/i, START_TIMEOUT_MS);
      const roots = [a, `socket://127.0.0.1:${port}/${b}`];
      const repeat = ["-repeat", (await watches()) ? "watch" : "1"];
      const rest = ["-batch", "-fastcheck", "true", "-times", "-confirmbigdel=false", "-dumbtty", "-ui", "text"];
      await startSide("a", [...roots, ...repeat, ...rest]);
      // A client whose server is not there yet ends at once.
      await eventually(() => children.every((child) => child.output().length > 0), {
        timeoutMs: START_TIMEOUT_MS,
        what: "Unison's first words",
      });
    },
    stop: async () => {
      for (let child = children.pop(); child !== undefined; child = children.pop()) await child.stop();
    },
    pids: () => children.map(({ pid }) => pid),
    ownNames: [],
  };
}
