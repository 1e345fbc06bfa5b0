import { createContext, use } from "react";
import type { ApiClient } from "@satchel/api-client";
import type { DeviceReports } from "./devices/device-reports.ts";
import type { PresentPeople } from "./presence/present-people.ts";
import type { UndoStack } from "./commands/undo-stack.ts";
import type { Workspaces } from "./files/workspaces.ts";
import type { Session } from "./session/session.ts";
import type { UploadQueue } from "./uploads/upload-queue.ts";

/** What a signed-in app stands on, one of each. */
export interface AppContext {
  readonly session: Session;
  readonly api: ApiClient;
  readonly user: string;
  readonly workspace: Workspaces;
  readonly uploads: UploadQueue;
  readonly undo: UndoStack;
  /** What devices say that they do. */
  readonly devices: DeviceReports;
  /** Who else has which file open. */
  readonly present: PresentPeople;
}

const Context = createContext<AppContext | undefined>(undefined);

export const AppProvider = Context.Provider;

/** @throws when it is used outside of the signed-in app */
export function useApp(): AppContext {
  const context = use(Context);
  if (!context) throw new Error("this part belongs inside the signed-in app");
  return context;
}
