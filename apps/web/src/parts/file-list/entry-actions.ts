import { createContext, use } from "react";
import type { LucideIcon } from "lucide-react";
import type { Entry } from "../../data/files/entry.ts";

/** One line of an entry's menu. */
export interface EntryAction {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly words: string;
  /** The key that does the same, as it is written on keyboards. */
  readonly keys: string | undefined;
  readonly run: () => void;
}

/** What can be done with an entry: with all selected ones, if it is among them. */
export interface EntryActions {
  actionsFor(entry: Entry): readonly EntryAction[];
}

const Context = createContext<EntryActions | undefined>(undefined);

export const EntryActionsProvider = Context.Provider;

export function useEntryActions(): EntryActions {
  const actions = use(Context);
  if (!actions) throw new Error("entries are shown in a folder");
  return actions;
}
