import { temporaryDirectory } from "@satchel/testkit";
import { signIn, type Device } from "./device.ts";
import { waitForEqualFolders } from "./equal-folders.ts";
import { openFaultProxy, type FaultProxy } from "./fault-proxy.ts";
import { startServer, type Account, type RunningServer, type StoreOptions } from "./server.ts";

/** A server with one account and some devices, each behind a network of its own; all gone after the test. */
export interface Stage extends AsyncDisposable {
  /** For what else a test needs. */
  readonly directory: string;
  readonly server: RunningServer;
  readonly account: Account;
  device(name: string): Device;
  /** The network between that device and the server. */
  network(name: string): FaultProxy;
  /** Waits until the folders of these devices (all, if left out) are equal. @throws with the devices' logs if not */
  waitForEqual(timeoutMs: number, names?: readonly string[]): Promise<void>;
}

/** What the stage is built of. */
export interface StageOptions extends StoreOptions {
  readonly devices: readonly string[];
  /** Whether the devices' sync is started; it is if left out. */
  readonly start?: boolean;
  /** Whether each device has a network of its own, which takes as much time as the sync itself where much travels; it has if left out. */
  readonly networks?: boolean;
}

/** What the engine keeps in the top of each folder for itself. */
export const ownFolder = ".satchel";

/** Builds it. The caller closes it with `await using`. */
export async function openStage(options: StageOptions): Promise<Stage> {
  await using building = new AsyncDisposableStack();
  const directory = building.use(await temporaryDirectory("e2e"));
  const server = building.use(await startServer(directory.path, options));
  const account = await server.addUser("ann");
  const devices = new Map<string, { device: Device; network: FaultProxy | undefined }>();
  for (const name of options.devices) {
    const network = options.networks === false ? undefined : building.use(await openFaultProxy(server.port));
    const { url } = network ?? server;
    const device = building.use(await signIn({ directory: directory.path, name, url, account }));
    devices.set(name, { device, network });
    if (options.start !== false) await device.start();
  }
  const find = (name: string): { device: Device; network: FaultProxy | undefined } => {
    const found = devices.get(name);
    if (found === undefined) throw new Error(`the stage has no device ${name}`);
    return found;
  };
  const built = building.move();
  return {
    directory: directory.path,
    server,
    account,
    device: (name) => find(name).device,
    network(name) {
      const { network } = find(name);
      if (network === undefined) throw new Error("the stage was built without networks");
      return network;
    },
    waitForEqual: async (timeoutMs, names = options.devices) => {
      const chosen = names.map((name) => find(name).device);
      const folders = chosen.map(({ folder }) => folder);
      await waitForEqualFolders({ folders, timeoutMs, without: (path) => path === ownFolder }).catch(
        async (error: unknown) => {
          throw new Error(`${String(error)}\n${(await Promise.all(chosen.map(describe))).join("\n")}`, {
            cause: error,
          });
        },
      );
    },
    [Symbol.asyncDispose]: async () => await built.disposeAsync(),
  };
}

const LOG_CHARACTERS = 1500;

/** How a device sees its state, for a test that failed. */
async function describe(device: Device): Promise<string> {
  const status = await device.run(["status", "--json"], { timeoutMs: 10_000 });
  return `${device.name}: ${status.stdout}${status.stderr}${device.log().slice(-LOG_CHARACTERS)}`;
}
