import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild, type Child } from "../../e2e/support/child.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import type { Adapter, Place, System } from "./adapter.ts";
import { freePort } from "@satchel/testkit";
import { findVersion, runProgram, tryProgram } from "./run-program.ts";

const START_TIMEOUT_MS = 10_000;

/** rsync to a daemon on loopback, told when to run, over the whole tree; with its delta algorithm, without compression. */
export const rsyncSystem: System = {
  name: "rsync",
  describe: async () => {
    const version = await findVersion(["rsync", "--version"]);
    return version && `${version}; -a --delete --no-whole-file to a daemon, a whole-tree run for each change`;
  },
  open,
};

function open({ a, b, state }: Place): Adapter {
  let daemon: Child | undefined;
  let port = 0;
  return {
    start: async () => {
      port = await freePort();
      const settings = join(state, "rsyncd.conf");
      const asRoot = process.getuid?.() === 0 ? "uid = root\ngid = root\n" : "";
      await writeFile(settings, `use chroot = no\n${asRoot}[b]\npath = ${b}\nread only = no\n`);
      const command = [
        "rsync",
        "--daemon",
        "--no-detach",
        "--address=127.0.0.1",
        `--port=${port}`,
        `--config=${settings}`,
      ];
      daemon = await startChild({ command, logPath: join(state, "rsync.log") });
      const answers = async (): Promise<boolean> =>
        (await tryProgram(["rsync", `rsync://127.0.0.1:${port}/`]))?.code === 0;
      await eventually(answers, { timeoutMs: START_TIMEOUT_MS, what: "the daemon to answer" });
    },
    stop: async () => void (await daemon?.stop()),
    pids: () => (daemon === undefined ? [] : [daemon.pid]),
    propagate: async () => {
      await runProgram(["rsync", "-a", "--delete", "--no-whole-file", `${a}/`, `rsync://127.0.0.1:${port}/b/`]);
    },
    ownNames: [],
  };
}
