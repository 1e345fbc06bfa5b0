import { useEffect, useMemo } from "react";
import { Toast } from "@base-ui/react/toast";
import { useMutation, useQuery, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createCommentCalls, type CommentCalls } from "@satchel/api-client";
import { ProblemError, type CommentThread, type EntryId } from "@satchel/protocol";
import { problemWords } from "../../words/words.ts";
import { useApp } from "../app-context.ts";
import { callsHook } from "../calls-hook.ts";

const useCommentCalls = callsHook((api) => api.extend(createCommentCalls));

/** What was missed while nothing was told is there after so long at the latest. */
const askAgainMs = 60_000;

function keyOf(fileId: EntryId) {
  return ["comments", fileId] as const;
}

/** What people say about a file, kept true to the server. */
export function useComments(fileId: EntryId) {
  const calls = useCommentCalls();
  const { workspace } = useApp();
  const queries = useQueryClient();
  useEffect(
    () =>
      workspace.watchComments((changed) => {
        if (changed !== fileId) return;
        queries.invalidateQueries({ queryKey: keyOf(fileId) }).catch((error: unknown) => reportError(error));
      }),
    [workspace, queries, fileId],
  );
  return useQuery({
    queryKey: keyOf(fileId),
    queryFn: ({ signal }) => calls.comments(fileId, { signal }),
    refetchInterval: askAgainMs,
  });
}

const noThreads: readonly CommentThread[] = [];

/** The threads that are not resolved; none until they are known. */
export function useOpenThreads(fileId: EntryId): readonly CommentThread[] {
  const { data } = useComments(fileId);
  return useMemo(() => data?.filter(({ resolved }) => !resolved) ?? noThreads, [data]);
}

type CommentChange = (calls: CommentCalls) => Promise<void>;

/** Says something, or takes it back; a refusal is told. */
export function useCommenting(fileId: EntryId): UseMutationResult<void, Error, CommentChange> {
  const calls = useCommentCalls();
  const queries = useQueryClient();
  const { t } = useTranslation();
  const { add } = Toast.useToastManager();
  return useMutation({
    mutationFn: (change: CommentChange) => change(calls),
    onError: (error) => {
      const code = error instanceof ProblemError ? error.code : "internal";
      add({ type: "error", title: problemWords(t, code) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(fileId) }),
  });
}
