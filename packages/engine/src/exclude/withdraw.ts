import type { EntryId } from "@satchel/protocol";
import { applyLocal, type ApplyContext } from "../apply/local-operations.ts";
import type { Offers } from "../books/offers.ts";
import { disown, idsBelow } from "./disown.ts";

export interface WithdrawContext extends ApplyContext {
  /** Makes what was put in place last, and writes the books down. */
  readonly keep: () => Promise<void>;
  readonly offers: Pick<Offers, "disown" | "forgetContent" | "of">;
}

/**
 * Takes what is left out off the disk, one after the other, and out of the books that say it was there. Answers whether the disk was changed. [RC83]
 *
 * That they go is written down before the first of them does, and holds until it is known what became of them: a file of that name that a person makes after a kill, or after a disk that did it and said
 * that it failed, is not the one that left. [EN127] The books must not be ahead of the disk: what was put in place until now is made to last first. [DK12]
 *
 * @throws StateUnwritableError, DiskError before anything is done; RootChangedError
 */
export async function withdraw(context: WithdrawContext, ids: readonly EntryId[]): Promise<boolean> {
  const { state, offers } = context;
  if (ids.length === 0) return false;
  await context.keep();
  state.transaction(() => ids.forEach((id) => state.leaving.add(id)));
  state.flush();
  let changed = false;
  for (const id of ids) {
    const unsure: EntryId[] = [];
    // What was sent and not answered may have no base yet: only the disk, which it is about to leave, tells that it is in there.
    const unanswered = idsBelow(state.local, id).filter((each) => offers.of(each).length > 0);
    const withNote = { ...context, onUnsure: (each: EntryId) => unsure.push(each) };
    changed = (await applyLocal(withNote, { do: "delete_local", id })) || changed;
    state.transaction(() => {
      state.leaving.drop(id);
      for (const each of unsure) state.leaving.add(each);
      for (const each of [id, ...unanswered]) disown(context, each);
    });
  }
  return changed;
}
