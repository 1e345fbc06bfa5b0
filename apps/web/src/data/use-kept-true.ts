import { useEffect } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useApp } from "./app-context.ts";

/** Asks anew for what is known under this key once a burst of changes is over: when none came for `settleMs`. */
export function useKeptTrue(key: string, settleMs: number): void {
  const { workspace } = useApp();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = workspace.watchChanges(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        queries.invalidateQueries({ queryKey: [key] }).catch((error: unknown) => reportError(error));
      }, settleMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [workspace, queries, key, settleMs]);
}
