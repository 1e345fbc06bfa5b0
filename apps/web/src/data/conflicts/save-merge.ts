import type { ApiClient, Replace } from "@satchel/api-client";
import { ProblemError, workspaceOfEntry, type VersionId } from "@satchel/protocol";
import { pack, sendContent } from "../uploads/send-content.ts";

/** Makes a text the file's newest version, from the version that it was merged with: what somebody saved meanwhile is not overwritten. @throws ProblemError version_conflict then */
export function savingMerge(api: ApiClient, text: string, madeFrom: VersionId): Replace {
  return async ({ file_id: id, name, executable }) => {
    const workspaceId = workspaceOfEntry(id);
    const { signal } = new AbortController();
    const onSent = (): void => undefined;
    const file = new File([text], name, { lastModified: Date.now() });
    const { content, carried } = await sendContent(file, { api, workspaceId, replaces: id, signal, onSent });
    const { cursor } = await api.poll({ workspaceId, timeoutSeconds: 0 });
    const edit = { op: "edit_file", id, base_version_id: madeFrom, content: { ...content, executable } } as const;
    const { results } = await api.commit(
      {
        workspace_id: workspaceId,
        seen: cursor,
        operations: [edit],
        ...(carried.length > 0 && { carried: pack(carried) }),
      },
      { carried: carried.map(({ bytes }) => bytes) },
    );
    const [result] = results;
    if (result?.status !== "done") throw new ProblemError(result?.code ?? "internal", result?.detail);
  };
}
