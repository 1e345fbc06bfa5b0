import { useEffect, useState } from "react";
import { useApp } from "../app-context.ts";
import { entryOfState, type Entry } from "../files/entry.ts";

/** A file as it is by now: others may rename it while it is open. */
export function useEntry(opened: Entry): Entry {
  const { workspace } = useApp();
  const [entry, setEntry] = useState(opened);
  useEffect(
    () =>
      workspace.watchChanges((changes) => {
        const change = changes.findLast(({ id }) => id === opened.id);
        if (change && !change.deleted) setEntry(entryOfState(change));
      }),
    [workspace, opened.id],
  );
  return entry;
}
