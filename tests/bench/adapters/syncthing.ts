import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild, type Child } from "../../e2e/support/child.ts";
import type { Adapter, Place, System } from "./adapter.ts";
import { freePort } from "@satchel/testkit";
import { findVersion, runProgram } from "./run-program.ts";

/** Seconds that its watcher collects changes: the least that every version takes; its default is 10. */
const WATCHER_DELAY_S = 1;

/** Two Syncthing devices that talk to each other directly. */
export const syncthingSystem: System = {
  name: "syncthing",
  describe: async () => {
    const version = await findVersion(["syncthing", "--version"]);
    const short = version?.split(" ").slice(0, 2).join(" ");
    return (
      short && `${short}; fsWatcherDelayS=${WATCHER_DELAY_S}, no discovery, relays or rescans, TLS and fsync as always`
    );
  },
  open,
};

interface Side {
  readonly folder: string;
  readonly home: string;
  readonly id: string;
  readonly port: number;
}

function open({ a, b, state }: Place): Adapter {
  let sides: Side[] = [];
  const children: Child[] = [];
  return {
    start: async () => {
      if (sides.length === 0) {
        sides = [await prepareSide(a, join(state, "syncthing-a")), await prepareSide(b, join(state, "syncthing-b"))];
        for (const side of sides) await writeFile(join(side.home, "config.xml"), settings(side, sides));
      }
      for (const { home } of sides) {
        const command = ["syncthing", "serve", `--home=${home}`, "--no-browser", "--no-restart"];
        children.push(await startChild({ command, logPath: `${home}.log`, environment: { STNOUPGRADE: "1" } }));
      }
    },
    stop: async () => {
      await Promise.all(children.splice(0).map(async (child) => await child.stop()));
    },
    pids: () => children.map(({ pid }) => pid),
    ownNames: [".stfolder"],
  };
}

/** Makes keys, and so a device id, and the folder's marker. */
async function prepareSide(folder: string, home: string): Promise<Side> {
  await mkdir(join(folder, ".stfolder"), { recursive: true });
  await runProgram(["syncthing", "generate", `--home=${home}`], { STNODEFAULTFOLDER: "1" });
  const id = /<device id="([A-Z0-9-]{50,})"/.exec(await readFile(join(home, "config.xml"), "utf8"))?.[1];
  if (id === undefined) throw new Error("Syncthing generated no device id");
  return { folder, home, id, port: await freePort() };
}

function settings(side: Side, sides: readonly Side[]): string {
  const members = sides.map(({ id }) => `<device id="${id}"></device>`).join("");
  const devices = sides.map(
    ({ id, port }) =>
      `<device id="${id}" name="${port}" compression="metadata"><address>tcp://127.0.0.1:${port}</address></device>`,
  );
  const off = ["globalAnnounce", "localAnnounce", "relays", "nat", "crashReporting"].map(
    (name) => `<${name}Enabled>false</${name}Enabled>`,
  );
  return `<configuration version="36">
  <folder id="bench" path="${side.folder}" type="sendreceive" rescanIntervalS="3600"
    fsWatcherEnabled="true" fsWatcherDelayS="${WATCHER_DELAY_S}">${members}</folder>
  ${devices.join("\n  ")}
  <gui enabled="false"></gui>
  <options>
    <listenAddress>tcp://127.0.0.1:${side.port}</listenAddress>
    ${off.join("")}
    <urAccepted>-1</urAccepted>
    <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
    <reconnectionIntervalS>1</reconnectionIntervalS>
    <startBrowser>false</startBrowser>
  </options>
</configuration>
`;
}
