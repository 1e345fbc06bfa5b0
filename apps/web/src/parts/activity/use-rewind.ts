import { Toast } from "@base-ui/react/toast";
import { useMutation } from "@tanstack/react-query";
import { ProblemError, type EntryId } from "@satchel/protocol";
import { useTranslation } from "react-i18next";
import { useApp } from "../../data/app-context.ts";
import { useActivityWords } from "../../words/activity/use-activity-words.ts";
import { actionToastMs } from "../toasts/action-toast.ts";
import { problemWords } from "../../words/words.ts";

interface Rewind {
  /** The instant whose state the folder gets. */
  readonly at: string;
  /** The last instant before: going there takes it all back. */
  readonly undoAt: string;
}

/** Takes a folder back to an instant, and offers to take that back. */
export function useRewind(folderId: EntryId): (rewind: Rewind) => void {
  const { t } = useActivityWords();
  const { t: tell } = useTranslation();
  const { api, workspace } = useApp();
  const { add } = Toast.useToastManager();
  const goTo = async (at: string): Promise<number> => {
    const { restored } = await api.restore({ file_id: folderId, at });
    await workspace.refresh();
    return restored;
  };
  const fail = (error: unknown): void => {
    const reason = problemWords(tell, error instanceof ProblemError ? error.code : "internal");
    add({ type: "error", title: t("rewind.failed", { reason }) });
  };
  const undo = useMutation({ mutationFn: goTo, onSuccess: () => add({ title: t("rewind.undone") }), onError: fail });
  const rewind = useMutation({
    mutationFn: ({ at }: Rewind) => goTo(at),
    onSuccess: (count, { undoAt }) =>
      add({
        title: t("rewind.done", { count }),
        timeout: actionToastMs,
        actionProps: { children: tell("action.undo"), onClick: () => undo.mutate(undoAt) },
      }),
    onError: fail,
  });
  return rewind.mutate;
}
