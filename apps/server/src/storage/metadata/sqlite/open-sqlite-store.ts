import type { MetadataStore } from "../metadata-store.ts";
import { storeMethods } from "./store-methods.ts";
import { StoreThreads } from "./store-threads.ts";
import type { WorkerSettings } from "./worker-messages.ts";

/**
 * The metadata store on SQLite, in threads of its own: the file `path` is made where there is none, and its schema brought up to date. Random bytes come from the system.
 * @throws DatabaseNewerError
 */
export async function openSqliteMetadataStore(settings: WorkerSettings): Promise<MetadataStore> {
  const caller = await StoreThreads.open(settings);
  const section = <Name extends keyof typeof storeMethods>(name: Name): MetadataStore[Name] => {
    const calls = storeMethods[name].map((method) => [
      method,
      (...parameters: unknown[]) => caller.call({ section: name, method, parameters }),
    ]);
    return Object.fromEntries(calls) as MetadataStore[Name];
  };
  return {
    identity: section("identity"),
    signIn: section("signIn"),
    factors: section("factors"),
    oauth: section("oauth"),
    attempts: section("attempts"),
    mail: section("mail"),
    notices: section("notices"),
    access: section("access"),
    audit: section("audit"),
    privacy: section("privacy"),
    tree: section("tree"),
    history: section("history"),
    ledger: section("ledger"),
    uploads: section("uploads"),
    shares: section("shares"),
    links: section("links"),
    comments: section("comments"),
    live: section("live"),
    dav: section("dav"),
    maintenance: section("maintenance"),
    places: section("places"),
    jobRounds: section("jobRounds"),
    leases: section("leases"),
    outbox: section("outbox"),
    tasks: section("tasks"),
    previews: section("previews"),
    scans: section("scans"),
    scrub: section("scrub"),
    ping: async () => void (await caller.call({ section: "store", method: "ping", parameters: [] })),
    close: () => caller.close(),
  };
}
