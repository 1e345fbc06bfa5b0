import assert from "node:assert/strict";
import { temporaryDirectory } from "@satchel/testkit";
import { signIn, type Device, type Surroundings } from "../../e2e/support/device.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import { waitForEqualFolders } from "../../e2e/support/equal-folders.ts";
import { startServer, type Account, type RunningServer } from "../../e2e/support/server.ts";
import { ownFolder } from "../../e2e/support/stage.ts";

/** A server with an account, and devices that reach it on whatever way a test lays; all gone after the test. */
export interface Place extends AsyncDisposable {
  readonly directory: string;
  readonly server: RunningServer;
  readonly account: Account;
  /** Signs a device in at an address, and starts its sync. */
  device(name: string, url: string, surroundings?: Surroundings): Promise<Device>;
  /** Has something closed before the place, and after the devices. */
  use<T extends AsyncDisposable>(resource: T): T;
}

/** Starts it. */
export async function openPlace(): Promise<Place> {
  const devices = new AsyncDisposableStack();
  const ways = new AsyncDisposableStack();
  await using building = new AsyncDisposableStack();
  const directory = building.use(await temporaryDirectory("faults"));
  const server = building.use(await startServer(directory.path));
  building.use(ways);
  building.use(devices);
  const account = await server.addUser("ann");
  const built = building.move();
  return {
    directory: directory.path,
    server,
    account,
    use: (resource) => ways.use(resource),
    device: async (name, url, surroundings = {}) => {
      const options = { directory: directory.path, name, url, account, surroundings };
      const device = devices.use(await signIn(options));
      await device.start();
      return device;
    },
    [Symbol.asyncDispose]: async () => await built.disposeAsync(),
  };
}

/** Waits until the devices' folders are equal, and says what the devices think when they don't become so. */
export async function waitForEqual(devices: readonly Device[], timeoutMs: number): Promise<void> {
  const folders = devices.map(({ folder }) => folder);
  await waitForEqualFolders({ folders, timeoutMs, without: (path) => path === ownFolder }).catch(
    async (error: unknown) => {
      const told = await Promise.all(devices.map(async (device) => (await device.run(["status", "--json"])).stdout));
      throw new Error(`${String(error)}\n${told.join("\n")}\n${devices.map((device) => device.log()).join("\n")}`, {
        cause: error,
      });
    },
  );
}

/** What `status --json` says. */
export async function statusOf(device: Device): Promise<Status> {
  const { stdout } = await device.run(["status", "--json"]);
  return JSON.parse(stdout) as Status;
}

export interface Status {
  readonly state: "synced" | "syncing" | "paused" | "offline" | "error";
  readonly issues: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}

/** Waits until a device has nothing to tell: what is in step elsewhere may be told here for a moment yet. */
export async function waitForNoIssues(device: Device): Promise<void> {
  const isSilent = async (): Promise<boolean> => {
    assert.deepEqual((await statusOf(device)).issues, []);
    return true;
  };
  await eventually(isSilent, { timeoutMs: 60_000, intervalMs: 200, what: `${device.name} to have no issues` });
}
