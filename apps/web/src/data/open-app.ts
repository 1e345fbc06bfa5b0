import type { AppContext } from "./app-context.ts";
import { UndoStack } from "./commands/undo-stack.ts";
import { Workspaces } from "./files/workspaces.ts";
import type { Session } from "./session/session.ts";
import { UploadMemory } from "./uploads/upload-memory.ts";
import { UploadQueue } from "./uploads/upload-queue.ts";

/** Opens what the account has. @throws LoginRevokedError, OfflineError never: it waits for the network */
export async function openApp(session: Session, serverUrl: string): Promise<AppContext> {
  const account = await session.api.account();
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
  return { session, api: session.api, user: account.user, workspace, uploads, undo: new UndoStack() };
}
