import { useEffect, useSyncExternalStore } from "react";
import type { EntryId, PresenceDoing } from "@satchel/protocol";
import { useApp } from "../app-context.ts";
import type { PersonAt } from "./present-people.ts";

/** Who else has the file open now. */
export function usePresent(fileId: EntryId): readonly PersonAt[] {
  const { present } = useApp();
  return useSyncExternalStore(present.watch, () => present.at(fileId));
}

/** Tells others that this window has the file open, as long as the part that uses this is shown. */
export function useTellOpen(fileId: EntryId, doing: PresenceDoing): void {
  const { api, present } = useApp();
  useEffect(() => {
    const telling = import("./tell-open.ts").then(({ tellOpen }) =>
      tellOpen(api, { client: present.client, fileId, doing }),
    );
    return () => void telling.then((end) => end()).catch(() => undefined);
  }, [api, present, fileId, doing]);
}
