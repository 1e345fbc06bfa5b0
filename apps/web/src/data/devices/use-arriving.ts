import { useCallback, useSyncExternalStore } from "react";
import type { EntryId } from "@satchel/protocol";
import { useApp } from "../app-context.ts";
import type { Arriving } from "./device-reports.ts";

/** What devices bring into a folder now. */
export function useArriving(folderId: EntryId): readonly Arriving[] {
  const { devices } = useApp();
  const watch = useCallback((onChange: () => void) => devices.watch(onChange), [devices]);
  return useSyncExternalStore(watch, () => devices.arrivingIn(folderId));
}
