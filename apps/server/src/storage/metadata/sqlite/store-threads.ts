import type { storeMethods } from "./store-methods.ts";
import { WorkerCaller } from "./worker-caller.ts";
import type { CallMessage, WorkerSettings } from "./worker-messages.ts";

type Sections = typeof storeMethods;

/**
 * What devices and people ask most, and what no writer has to be asked for: short questions that change nothing. Long ones (a check, a listing for upkeep) stay with the writing thread, where nobody's page waits for them.
 */
const readMethods: { readonly [Name in keyof Sections]?: readonly Sections[Name][number][] } = {
  tree: [
    "head",
    "changesSince",
    "findEntry",
    "listFolder",
    "resolvePath",
    "pathOf",
    "manifests",
    "findLiving",
    "latestChanges",
    "listConflicts",
  ],
  identity: ["findAccount", "findAccountByName", "findDevice", "listDevices"],
  access: ["findRole"],
  history: ["listVersions", "listTrash", "listActivity"],
  ledger: ["room", "use", "usage", "accountUsage"],
  shares: ["list", "find", "members"],
  links: ["find"],
  comments: ["list"],
  notices: ["list"],
  places: ["find"],
  previews: ["find"],
};
const reads = new Set(
  Object.entries(readMethods).flatMap(([section, methods]) => methods.map((method) => `${section}.${method}`)),
);

/** So many reads that wait for the writing thread at once are worth a thread of their own, which takes some 20 MiB: several devices ask at a time. */
const readsThatWait = 8;

const script = new URL("./store-worker.ts", import.meta.url);

/** What is used of a thread. */
export type StoreThread = Pick<WorkerCaller, "opened" | "hasFailed" | "call" | "close">;

function startThread(settings: WorkerSettings): StoreThread {
  return new WorkerCaller(script, settings, "store.close");
}

/**
 * The thread that writes, and under load one beside it that reads. SQLite's write-ahead log lets both work at once: a commit waits for the disk, a third of its thread's time, and reads no longer stand in line behind it. What was answered is seen by
 * each later read, since a write is answered once it is committed, and a read's snapshot is taken when its turn comes.
 */
export class StoreThreads {
  readonly #settings: WorkerSettings;
  readonly #start: typeof startThread;
  readonly #writer: StoreThread;
  #reader: StoreThread | undefined;
  #opening: Promise<void> | undefined;
  #waitingReads = 0;
  #isClosing = false;

  private constructor(settings: WorkerSettings, start: typeof startThread) {
    this.#settings = settings;
    this.#start = start;
    this.#writer = start(settings);
  }

  /** @throws DatabaseNewerError */
  static async open(settings: WorkerSettings, start = startThread): Promise<StoreThreads> {
    const threads = new StoreThreads(settings, start);
    await threads.#writer.opened;
    return threads;
  }

  call(call: Omit<CallMessage, "id">): Promise<unknown> {
    if (!reads.has(`${call.section}.${call.method}`)) return this.#writer.call(call);
    return this.#reader && !this.#reader.hasFailed ? this.#reader.call(call) : this.#readByWriter(call);
  }

  /** Waits for the calls before it. The reading thread goes first: whoever is last puts the log into the database. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#opening;
    // One that ended just now has nothing to lose, and the other one must be closed all the same.
    await this.#reader?.close().catch(() => undefined);
    await this.#writer.close();
  }

  async #readByWriter(call: Omit<CallMessage, "id">): Promise<unknown> {
    this.#waitingReads += 1;
    // A thread that began while the others end would be ended by nobody.
    if (this.#waitingReads >= readsThatWait && !this.#isClosing) this.#opening ??= this.#openReader();
    try {
      return await this.#writer.call(call);
    } finally {
      this.#waitingReads -= 1;
    }
  }

  /** Where there is no memory or descriptor for another thread, which is thrown at once or told later, the one that writes goes on reading; so it does when the other one has ended by itself. */
  async #openReader(): Promise<void> {
    try {
      const reader = this.#start({ ...this.#settings, readOnly: true });
      await reader.opened;
      this.#reader = reader;
    } catch {
      this.#reader = undefined;
    }
  }
}
