import type { WorkspaceId } from "@satchel/protocol";
import { isBelow, locksPath } from "../../storage/metadata/dav-lock-scope.ts";
import type { DavLock } from "../../storage/metadata/dav-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { DavError } from "./dav-error.ts";
import type { DavParts } from "./dav-parts.ts";
import type { DavPlace } from "./dav-place.ts";

/** How long a lock holds that doesn't ask for a time, and the longest that it can ask for. */
export const defaultLockSeconds = 600;
export const maxLockSeconds = 3600;
/** The longest description of a lock's owner, in characters of XML. */
export const maxLockOwnerLength = 1024;

/** A change that locks may stand against. */
export interface Change {
  readonly place: DavPlace;
  /** Does an entry come or go? Then the folder that holds it changes too. */
  readonly isOfFolder: boolean;
  /** Does all below it go along? */
  readonly isDeep: boolean;
}

/** A lock with the names that lead to where it was set, in the asker's own tree. */
export interface PlacedLock extends DavLock {
  readonly rootNames: readonly string[];
}

/** The locks that hold the place, on itself or on what it lies in. */
export async function locksOn(parts: DavParts, place: Pick<DavPlace, "names" | "lockPlaces">): Promise<PlacedLock[]> {
  return await openLockLook(parts)(place);
}

/** The same for many places, asked for once for each workspace. */
export function openLockLook({ metadata, host }: DavParts) {
  const known = new Map<WorkspaceId, Promise<DavLock[]>>();
  const list = (workspaceId: WorkspaceId): Promise<DavLock[]> => {
    const asked = known.get(workspaceId) ?? metadata.dav.listLocks(workspaceId, host.nowMs());
    known.set(workspaceId, asked);
    return asked;
  };
  return async ({ names, lockPlaces }: Pick<DavPlace, "names" | "lockPlaces">): Promise<PlacedLock[]> => {
    const found: PlacedLock[] = [];
    for (const { workspaceId, path } of lockPlaces)
      for (const lock of await list(workspaceId))
        if (locksPath(lock, path))
          found.push({ ...lock, rootNames: names.slice(0, names.length - depthOf(path) + depthOf(lock.path)) });
    return found;
  };
}

function depthOf(path: string): number {
  return path.split("/").length - 1;
}

/** @throws 423 unless the request names a token of its own for each lock that stands against the change */
export async function requireUnlocked(
  { metadata, host }: DavParts,
  caller: Caller,
  { change, tokens }: { readonly change: Change; readonly tokens: ReadonlySet<string> },
): Promise<void> {
  for (const { workspaceId, path } of change.place.lockPlaces) {
    const locks = await metadata.dav.listLocks(workspaceId, host.nowMs());
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const against = locks.filter(
      (lock) =>
        locksPath(lock, path) ||
        (change.isOfFolder && path !== "" && lock.path === parent) ||
        (change.isDeep && isBelow(lock.path, path)),
    );
    // Of shared locks on one path, one's own is enough.
    for (const group of Map.groupBy(against, (lock) => lock.path).values())
      if (!group.some((lock) => lock.accountId === caller.accountId && tokens.has(lock.token)))
        throw new DavError(423, "it is locked", { condition: "lock-token-submitted", places: [change.place.names] });
  }
}

export interface LockRequest {
  readonly place: DavPlace;
  readonly isDeep: boolean;
  readonly isExclusive: boolean;
  readonly owner: string;
  readonly seconds: number;
}

/** @throws 423 where another lock stands against it; forbidden for a mount of what the caller may only read: the lock would hold it for all members */
export async function addLock(parts: DavParts, caller: Caller, request: LockRequest): Promise<PlacedLock> {
  const { place, isDeep, isExclusive, owner, seconds } = request;
  const innermost = place.lockPlaces.at(-1);
  if (!innermost) throw new Error("a place is in no workspace");
  await parts.authorisation.requireWorkspace(caller, innermost.workspaceId);
  const nowMs = parts.host.nowMs();
  const token = `urn:uuid:${uuidOf(parts.host.randomBytes(16))}`;
  const endsAtMs = nowMs + seconds * 1000;
  const lock = { ...innermost, token, isDeep, isExclusive, owner, accountId: caller.accountId, endsAtMs };
  const against = await parts.metadata.dav.addLock(lock, nowMs);
  if (against) throw new DavError(423, "it is locked", { condition: "no-conflicting-lock", places: [place.names] });
  return { ...lock, rootNames: place.names };
}

/** Holds it from now for so long. @throws 412 where none of the tokens is of a lock of the caller's on the place */
export async function prolongLock(
  parts: DavParts,
  caller: Caller,
  {
    place,
    tokens,
    seconds,
  }: { readonly place: DavPlace; readonly tokens: ReadonlySet<string>; readonly seconds: number },
): Promise<PlacedLock> {
  const locks = await locksOn(parts, place);
  const lock = locks.find(({ token, accountId }) => tokens.has(token) && accountId === caller.accountId);
  if (lock) await parts.authorisation.requireWorkspace(caller, lock.workspaceId);
  const nowMs = parts.host.nowMs();
  const prolonged = lock && { ...lock, endsAtMs: nowMs + seconds * 1000 };
  if (!prolonged || !(await parts.metadata.dav.prolongLock(prolonged, nowMs)))
    throw new DavError(412, "there is no such lock", { condition: "lock-token-matches-request-uri" });
  return prolonged;
}

/** @throws 409 where no such lock holds the place, 403 for somebody else's */
export async function removeLock(
  parts: DavParts,
  caller: Caller,
  { place, token }: { readonly place: DavPlace; readonly token: string },
): Promise<void> {
  const lock = (await locksOn(parts, place)).find((one) => one.token === token);
  if (!lock) throw new DavError(409, "there is no such lock", { condition: "lock-token-matches-request-uri" });
  if (lock.accountId !== caller.accountId) throw new DavError(403, "this is the lock of somebody else");
  await parts.metadata.dav.removeLocks(lock.workspaceId, [token]);
}

/** What isn't there any more holds no locks. */
export async function releaseBelow({ metadata, host }: DavParts, { lockPlaces }: DavPlace): Promise<void> {
  for (const { workspaceId, path } of lockPlaces) {
    if (path === "") continue;
    const locks = await metadata.dav.listLocks(workspaceId, host.nowMs());
    const gone = locks.filter((lock) => lock.path === path || isBelow(lock.path, path));
    await metadata.dav.removeLocks(
      workspaceId,
      gone.map(({ token }) => token),
    );
  }
}

/** RFC 9562, version 4. */
function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}
