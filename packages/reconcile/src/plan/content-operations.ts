import { hasAttributes } from "../tree/compare.ts";
import type { Place } from "../tree/place.ts";
import type { Decision } from "./board.ts";
import type { LocalOperation, RemoteOperation } from "./operation.ts";

/**
 * What brings the disk's content or attributes in line, of an entry that both sides have. Where content comes from one side and attributes from the other, the attributes go
 * first, to the side that gives the content, which brings them back along with it. [RC15]
 *
 * @param place where the local entry will be by then
 * @param isMoving whether this plan brings the entry to its place, on either side
 */
export function localContentOperation(
  decision: Decision,
  { place, isMoving }: { readonly place: Place; readonly isMoving: boolean },
): LocalOperation | undefined {
  const { id, local, remote, verdict } = decision;
  if (decision.waits || decision.fate !== "live" || local === undefined || remote === undefined) return undefined;
  if (verdict.content === "conflict") {
    // The copy stays beside the entry, so the entry first goes where it belongs, if it can. [RC16]
    return isMoving ? undefined : { do: "set_aside", id, split: true, conflictOf: id };
  }
  const { attributes } = verdict;
  if (attributes === undefined) return undefined;
  if (verdict.content === "take_remote") {
    return hasAttributes(remote, attributes) ? { do: "fetch", id, place } : undefined;
  }
  return hasAttributes(local, attributes) ? undefined : { do: "set_attributes", id, ...attributes };
}

/** The same for the server. */
export function remoteContentOperation(decision: Decision): RemoteOperation | undefined {
  const { id, local, remote, verdict } = decision;
  if (decision.waits || decision.fate !== "live" || local === undefined || remote === undefined) return undefined;
  const { attributes } = verdict;
  if (attributes === undefined) return undefined;
  if (verdict.content === "give_local") {
    return hasAttributes(local, attributes) ? { do: "edit_remote", id } : undefined;
  }
  return hasAttributes(remote, attributes) ? undefined : { do: "touch_remote", id, ...attributes };
}
