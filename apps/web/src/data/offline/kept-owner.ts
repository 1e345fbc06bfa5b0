import type { WorkspaceId } from "@satchel/protocol";
import { basePath, serverUrl } from "../base-path.ts";
import { canKeepFiles, rememberKept } from "./kept-ids.ts";

/** Servers below several paths of one host share its storage: each has caches of its own. */
export const keptCacheName = `satchel-kept${basePath}`;
/** As the service worker names it. */
const appCacheName = `satchel-app${basePath}`;
const ownerKey = `satchel.kept-of${basePath}`;

/** Whose files are kept in this browser, by the account's own workspace. */
export function keptOwner(): string | null {
  return localStorage.getItem(ownerKey);
}

/** What another account left in this browser goes before this one's is shown, however its login ended. */
export async function claimKept(owner: WorkspaceId): Promise<void> {
  if (!canKeepFiles() || keptOwner() === owner) return;
  await forgetKept();
  localStorage.setItem(ownerKey, owner);
}

/** Forgets all of it, and what the app was kept with: whoever uses this browser next must not find it. It stops counting at once, also for what is still on its way in another tab. */
export async function forgetKept(): Promise<void> {
  localStorage.removeItem(ownerKey);
  rememberKept(new Set());
  if (!canKeepFiles()) return;
  await caches.delete(keptCacheName);
  await forgetApp();
}

/** Where nothing is kept there is no service worker, and nothing of the app for it. */
export async function forgetApp(): Promise<void> {
  if (!canKeepFiles()) return;
  const scope = `${serverUrl}/`;
  const registration = await navigator.serviceWorker.getRegistration(scope);
  // One of a server at a path above answers, too.
  if (registration?.scope === scope) await registration.unregister();
  await caches.delete(appCacheName);
}
