import { temporaryName, type LocalOperation, type RemoteOperation } from "@satchel/reconcile";
import type { MergeOperation } from "../transfer/commit-operation.ts";
import type { SideChange } from "./side-change.ts";

/** What an operation was decided by: the changes on either side. */
export interface Sides {
  readonly here: SideChange;
  readonly there: SideChange;
}

export type Deed =
  | LocalOperation
  | RemoteOperation
  | Pick<MergeOperation, "do" | "id">
  | { readonly do: "withdraw"; readonly id: LocalOperation["id"] };

/** The rule of docs/spec/reconcile.md (of a merge, of engine.md) that asks for the operation. */
export function ruleOf(deed: Deed, { here, there }: Sides): string {
  switch (deed.do) {
    case "fetch":
    case "create_remote":
      return here === "deleted" || there === "deleted" ? "RC21" : "RC1";
    case "make_folder":
      return here === "deleted" ? "RC22" : "RC1";
    case "edit_remote":
      return "RC1";
    case "merge_remote":
      return "EN110";
    case "set_attributes":
    case "touch_remote":
      return "RC6";
    case "move_local":
      return isMoved(here) && isMoved(there) ? "RC4" : "RC1";
    case "move_remote":
      return deed.place.name === temporaryName(deed.id) ? "RC54" : "RC1";
    case "move_to_limbo":
      return "RC52";
    case "set_aside":
      return deed.split ? "RC16" : "RC42";
    case "delete_local":
      return here === "created" ? "RC43" : "RC20";
    case "delete_remote":
      return "RC20";
    case "withdraw":
      return "RC83";
  }
}

function isMoved(change: SideChange): boolean {
  return change === "moved" || change === "edited+moved";
}
