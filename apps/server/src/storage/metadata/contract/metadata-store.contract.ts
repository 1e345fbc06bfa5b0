import { after, before, describe } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";
import { accessContract } from "./access.contract.ts";
import { attemptsContract } from "./attempts.contract.ts";
import { auditContract } from "./audit.contract.ts";
import { commitContract } from "./commit.contract.ts";
import { contentContract } from "./content.contract.ts";
import { davContract } from "./dav.contract.ts";
import { factorsContract } from "./factors.contract.ts";
import { feedContract } from "./feed.contract.ts";
import { historyContract } from "./history.contract.ts";
import { identityContract } from "./identity.contract.ts";
import { commentsContract } from "./comments.contract.ts";
import { liveContract } from "./live.contract.ts";
import { mailQueueContract } from "./mail-queue.contract.ts";
import { jobRoundsContract } from "./job-rounds.contract.ts";
import { leasesContract } from "./leases.contract.ts";
import { maintenanceContract } from "./maintenance.contract.ts";
import { noticesContract } from "./notices.contract.ts";
import { outboxContract } from "./outbox.contract.ts";
import { placesContract } from "./places.contract.ts";
import { previewsContract } from "./previews.contract.ts";
import { privacyContract } from "./privacy.contract.ts";
import { removalContract } from "./removal.contract.ts";
import { scansContract } from "./scans.contract.ts";
import { scrubContract } from "./scrub.contract.ts";
import { sharingContract } from "./sharing.contract.ts";
import { transferContract } from "./transfer.contract.ts";
import { signInContract } from "./sign-in.contract.ts";
import { tasksContract } from "./tasks.contract.ts";
import { treeContract } from "./tree.contract.ts";

/** What every implementation of the metadata store has to do; `open` gives an empty one. */
export function metadataStoreContract(
  name: string,
  open: () => Promise<MetadataStore>,
  options: { readonly keepsOutbox: boolean },
): void {
  describe(`metadata store on ${name}`, () => {
    let store: MetadataStore;
    before(async () => {
      store = await open();
    });
    after(async () => {
      await store.close();
    });
    const getStore = () => store;
    describe("commit", () => commitContract(getStore));
    describe("removal", () => removalContract(getStore));
    describe("content", () => contentContract(getStore));
    describe("feed", () => feedContract(getStore));
    describe("tree", () => treeContract(getStore));
    describe("history", () => historyContract(getStore));
    describe("identity", () => identityContract(getStore));
    describe("sign-in", () => signInContract(getStore));
    describe("factors and OAuth", () => factorsContract(getStore));
    describe("attempts", () => attemptsContract(getStore));
    describe("mail", () => mailQueueContract(getStore));
    describe("audit", () => auditContract(getStore));
    describe("privacy", () => privacyContract(getStore));
    describe("access", () => accessContract(getStore));
    describe("places of chunks", () => placesContract(getStore));
    describe("sharing", () => sharingContract(getStore));
    describe("moves between workspaces", () => transferContract(getStore));
    describe("comments", () => commentsContract(getStore));
    describe("live sessions", () => liveContract(getStore));
    describe("what WebDAV keeps", () => davContract(getStore));
    describe("leases", () => leasesContract(getStore));
    describe("outbox", () => outboxContract(getStore, { isKept: options.keepsOutbox }));
    describe("rounds of jobs", () => jobRoundsContract(getStore));
    describe("tasks", () => tasksContract(getStore));
    describe("previews", () => previewsContract(getStore));
    describe("scans", () => scansContract(getStore));
    describe("scrub", () => scrubContract(getStore));
    describe("notices", () => noticesContract(getStore));
    describe("maintenance", () => maintenanceContract(getStore));
  });
}
