import type { AppContext } from "./app-context.ts";
import { DeviceReports } from "./devices/device-reports.ts";
import { PresentPeople } from "./presence/present-people.ts";
import { UndoStack } from "./commands/undo-stack.ts";
import { Workspaces } from "./files/workspaces.ts";
import type { Session } from "./session/session.ts";
import { keptIds } from "./offline/kept-ids.ts";
import { claimKept, forgetApp } from "./offline/kept-owner.ts";
import { UploadMemory } from "./uploads/upload-memory.ts";
import { UploadQueue } from "./uploads/upload-queue.ts";

/** Opens what the account has. @throws LoginRevokedError, OfflineError never: it waits for the network */
export async function openApp(session: Session, serverUrl: string): Promise<AppContext> {
  const account = await session.api.account();
  await claimKept(account.workspace_id).catch((error: unknown) => reportError(error));
  const workspace = await Workspaces.open(session.api, account.workspace_id);
  const worker = new Worker(new URL("./uploads/upload-worker.ts", import.meta.url), {
    type: "module",
    name: "uploads",
  });
  const uploads = new UploadQueue(worker, {
    serverUrl,
    workspaceId: workspace.id,
    tokens: session.tokens,
    memory: new UploadMemory(),
  });
  const devices = new DeviceReports(account.device_id);
  tellWhileBusy(session, uploads);
  lookAfterKept(session.api, workspace).catch((error: unknown) => reportError(error));
  const present = new PresentPeople(account.user);
  return { session, api: session.api, user: account.user, workspace, uploads, undo: new UndoStack(), devices, present };
}

/** While this browser uploads, others are told; what does that is loaded then. */
function tellWhileBusy({ api }: Session, uploads: UploadQueue): void {
  let isTelling = false;
  const tell = async (): Promise<void> => {
    isTelling = true;
    await (await import("./devices/tell-uploads.ts")).tellUploads(api, uploads);
    isTelling = false;
  };
  uploads.watch(() => {
    if (!isTelling && uploads.isBusy()) tell().catch((error: unknown) => reportError(error));
  });
}

async function lookAfterKept(api: Session["api"], workspace: Workspaces): Promise<void> {
  if (keptIds().size === 0) await forgetApp();
  else await (await import("./offline/refresh-kept.ts")).refreshKept(api, workspace);
}
