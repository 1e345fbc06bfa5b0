import { Toast } from "@base-ui/react/toast";
import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { resolveConflict, undoResolution, type Kept, type Replace, type Resolution } from "@satchel/api-client";
import { ProblemError, type ConflictedCopy } from "@satchel/protocol";
import { useTranslation } from "react-i18next";
import { useConflictWords } from "../../words/conflicts/use-conflict-words.ts";
import { problemWords } from "../../words/words.ts";
import { useApp } from "../app-context.ts";
import type { Outcome } from "../commands/outcome.ts";
import { resolveAll, type Resolved } from "./resolve-all.ts";
import { conflictsKey } from "./use-conflicts.ts";

/** One conflict, and what is to be kept of it. */
export interface Wish {
  readonly conflict: ConflictedCopy;
  readonly keep: Kept;
  readonly replace?: Replace;
}

/** Resolves conflicts, one after the other, and says so, with the way back. One that can't be resolved leaves the others. */
export function useResolving(): UseMutationResult<Resolved<Resolution>, unknown, readonly Wish[]> {
  const { api, workspace, undo } = useApp();
  const { t } = useConflictWords();
  const { t: tell } = useTranslation();
  const { add } = Toast.useToastManager();
  const queries = useQueryClient();
  const showAll = async (): Promise<void> => {
    await workspace.refresh();
    await queries.invalidateQueries({ queryKey: conflictsKey });
  };
  const refuse = (error: unknown): void => {
    add({ type: "error", title: problemWords(tell, error instanceof ProblemError ? error.code : "internal") });
  };
  const takeBack = async (resolutions: readonly Resolution[]): Promise<Outcome> => {
    let done = 0;
    try {
      for (const resolution of resolutions) {
        await undoResolution(api, resolution);
        done += 1;
      }
    } catch (error) {
      refuse(error);
    }
    await showAll();
    return { done, failures: [], undo: undefined };
  };
  return useMutation({
    mutationFn: (wishes: readonly Wish[]) =>
      resolveAll(wishes, ({ conflict, ...wish }) => resolveConflict(api, conflict, wish)),
    onSuccess: ({ resolutions, failures }) => {
      for (const failure of failures.slice(0, 1)) refuse(failure);
      if (resolutions.length === 0) return;
      const undoing = undo.remember({
        done: resolutions.length,
        failures: [],
        undo: () => takeBack(resolutions),
      });
      const onClick = (): void => {
        undoing?.()
          .then(({ done }) => (done > 0 ? add({ title: tell("done.undone") }) : undefined))
          .catch((error: unknown) => reportError(error));
      };
      add({
        title: t("resolved", { count: resolutions.length }),
        actionProps: { children: tell("action.undo"), onClick },
      });
    },
    onError: refuse,
    onSettled: showAll,
  });
}
