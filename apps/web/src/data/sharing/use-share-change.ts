import { Toast } from "@base-ui/react/toast";
import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { ProblemError, type ProblemCode } from "@satchel/protocol";
import { useTranslation } from "react-i18next";
import { problemWords } from "../../words/words.ts";
import { useApp } from "../app-context.ts";
import { sharesKey } from "./use-shares.ts";

/** A change of who has what: when it is done, everything that shows sharing is asked for anew; a refusal is told, in words of its own where `refusals` has some. */
export function useShareChange<Input>(
  change: (input: Input) => Promise<unknown>,
  words?: (input: Input) => string,
  refusals: Partial<Record<ProblemCode, (input: Input) => string>> = {},
): UseMutationResult<unknown, Error, Input> {
  const { workspace } = useApp();
  const { t } = useTranslation();
  const { add } = Toast.useToastManager();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (_answer, input) => {
      if (words) add({ title: words(input) });
    },
    onError: (error, input) => {
      const code = error instanceof ProblemError ? error.code : "internal";
      add({ type: "error", title: refusals[code]?.(input) ?? problemWords(t, code) });
    },
    onSettled: async () => {
      // Mounts come and go with it.
      await Promise.all([
        workspace.refresh(),
        queries.invalidateQueries({ queryKey: sharesKey }),
        queries.invalidateQueries({ queryKey: ["share-members"] }),
        queries.invalidateQueries({ queryKey: ["links"] }),
      ]);
    },
  });
}
