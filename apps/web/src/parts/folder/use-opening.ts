import { useMemo } from "react";
import { useLocation } from "wouter";
import { useApp } from "../../data/app-context.ts";
import { startDownload } from "../../data/files/download.ts";
import type { Entry } from "../../data/files/entry.ts";
import { addressOf, childPath, parentPath } from "../../data/files/path.ts";

/** Ways to other places: into a folder, up, or out to the person's disk. */
export interface Opening {
  open(entry: Entry): void;
  up(): void;
  download(entries: readonly Entry[]): void;
}

export function useOpening(path: string): Opening {
  const [, navigate] = useLocation();
  const { api } = useApp();
  return useMemo(() => {
    const goTo = (folder: string): void => navigate(addressOf(folder));
    const download = (entries: readonly Entry[]): void => {
      for (const entry of entries) {
        if (entry.type === "file") startDownload(api, entry).catch((error: unknown) => reportError(error));
      }
    };
    return {
      open: (entry) => (entry.type === "folder" ? goTo(childPath(path, entry.name)) : download([entry])),
      up: () => goTo(parentPath(path)),
      download,
    };
  }, [navigate, api, path]);
}
