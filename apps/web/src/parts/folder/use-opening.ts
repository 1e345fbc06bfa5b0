import { useMemo } from "react";
import { useLocation } from "wouter";
import type { Entry } from "../../data/files/entry.ts";
import { addressOf, childPath, parentPath } from "../../data/files/path.ts";
import type { FolderDialog } from "./folder-dialogs.tsx";

/** Ways to look at things: into a folder, up, or at a file. */
export interface Opening {
  open(entry: Entry): void;
  up(): void;
}

export function useOpening(path: string, show: (dialog: FolderDialog) => void): Opening {
  const [, navigate] = useLocation();
  return useMemo(() => {
    const goTo = (folder: string): void => navigate(addressOf(folder));
    return {
      open: (entry) => {
        if (entry.type === "folder") goTo(childPath(path, entry.name));
        else if (entry.type === "file") show({ kind: "preview", entry });
      },
      up: () => goTo(parentPath(path)),
    };
  }, [navigate, path, show]);
}
