import { ProblemError, type EntryId } from "@satchel/protocol";
import { agreeOnOffer, type Offer, type Offers } from "../books/offers.ts";
import type { Server } from "../ports/server.ts";
import type { StateStore } from "../state/state-store.ts";

interface Parts {
  readonly state: StateStore;
  readonly offers: Offers;
  readonly server: Pick<Server, "versions">;
}

/**
 * An answer was lost, and the server has another version by now: what was offered may be one of those in between, on which somebody else decided since. The feed tells of the last version only, so the
 * server's list of versions is asked. Without that, an edit that another person took back on purpose would be sent again and undo their decision. [EN134] Asked once the feed has told all that there is.
 *
 * @throws the api-client's errors; what was not asked then is asked the next time
 */
export async function askWhatWasTaken({ state, offers, server }: Parts): Promise<void> {
  for (const id of offers.doubted) {
    if (isOpen(state, offers, id)) await ask({ state, offers, server }, id);
    offers.trust(id);
  }
}

/** Whether one of the versions since the common base might be what was offered. */
function isOpen(state: StateStore, offers: Offers, id: EntryId): boolean {
  const told = state.remote.find(id)?.versionId;
  const base = state.synced.find(id)?.versionId;
  return contentsOffered(offers, id).length > 0 && told != null && base != null && told !== base;
}

function contentsOffered(offers: Offers, id: EntryId): (Offer & { readonly commit: number })[] {
  return offers.of(id).filter(({ aspect }) => aspect === "content" || aspect === "all");
}

async function ask({ state, offers, server }: Parts, id: EntryId): Promise<void> {
  const versions = await versionsOf(server, id);
  const place = (versionId: string | null | undefined) => versions.findIndex((each) => each.versionId === versionId);
  const told = place(state.remote.find(id)?.versionId);
  const base = place(state.synced.find(id)?.versionId);
  // What is newer than what the feed has told of is for the feed to tell; what is older than the base has been agreed on.
  if (told < 0 || base < told) return;
  const since = versions.slice(told, base);
  const versionOf = ({ record }: Offer) => since.find(({ contentHash }) => contentHash === record.contentHash);
  const taken = contentsOffered(offers, id).findLast(versionOf);
  if (!taken) return;
  state.transaction(() => {
    // Where the entry is by now, the base says better than the first offer of it.
    agreeOnOffer(state, { ...taken, aspect: "content" }, versionOf(taken)?.versionId ?? null);
    offers.supersede(id, "content", taken.commit);
    state.mark(id);
  });
}

/** None of an entry that is gone by now: the feed will tell of that. */
async function versionsOf(server: Pick<Server, "versions">, id: EntryId) {
  try {
    return await server.versions(id);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") return [];
    throw error;
  }
}
