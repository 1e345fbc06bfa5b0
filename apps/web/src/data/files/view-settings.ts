import { useState } from "react";
import { defaultOrder, type SortOrder } from "./sort.ts";

export type ViewMode = "list" | "grid";

/** How folders are shown: this browser's choice, for all of them. */
export interface ViewSettings {
  readonly mode: ViewMode;
  readonly order: SortOrder;
}

const storageKey = "satchel.view";

export function useViewSettings(): [ViewSettings, (change: Partial<ViewSettings>) => void] {
  const [settings, setSettings] = useState(readSettings);
  const change = (some: Partial<ViewSettings>): void => {
    const next = { ...settings, ...some };
    localStorage.setItem(storageKey, JSON.stringify(next));
    setSettings(next);
  };
  return [settings, change];
}

function readSettings(): ViewSettings {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? "null") as Partial<ViewSettings> | null;
    const columns = ["name", "size", "modified"];
    const isOrder = stored?.order !== undefined && columns.includes(stored.order.column);
    return { mode: stored?.mode === "grid" ? "grid" : "list", order: isOrder ? stored.order : defaultOrder };
  } catch {
    return { mode: "list", order: defaultOrder };
  }
}
