import { mkdir } from "node:fs/promises";
import { basename } from "node:path";
import { signIn, type Device } from "../../e2e/support/device.ts";
import { startServer, type RunningServer } from "../../e2e/support/server.ts";
import { satchel } from "../../e2e/support/satchel-command.ts";
import type { Adapter, Place, System } from "./adapter.ts";

/** One Satchel server on the embedded default and two devices of one account. */
export const satchelSystem: System = {
  name: "satchel",
  describe: async () => `satchel ${(await satchel(["--version"])).trim()}; one server, two devices, defaults`,
  open,
};

function open(place: Place): Adapter {
  let server: RunningServer | undefined;
  let devices: Device[] = [];
  return {
    start: async () => {
      if (server === undefined) {
        server = await startServer(place.state);
        devices = await signInBoth(server, place);
      } else await server.restart();
      for (const device of devices) await device.start();
    },
    stop: async () => {
      await Promise.all(devices.map(async (device) => await device.stop()));
      await server?.stop();
    },
    pids: () => (server === undefined ? [] : [server.pid(), ...devices.map((device) => device.pid())]),
    ownNames: [".satchel"],
  };
}

async function signInBoth(server: RunningServer, place: Place): Promise<Device[]> {
  const account = await server.addUser("bench");
  const devices: Device[] = [];
  for (const folder of [place.a, place.b]) {
    await mkdir(folder, { recursive: true });
    const options = { directory: place.state, name: basename(folder), folder, url: server.url, account };
    devices.push(await signIn(options));
  }
  return devices;
}
