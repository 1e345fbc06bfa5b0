import type { EntryId } from "@satchel/protocol";
import type { TaskKind } from "../tasks/task-kind.ts";
import { canPreview, previewSourceOf } from "./preview-source.ts";
import type { Previews } from "./previews.ts";

/** Draws small pictures before anybody asks for them. What can't be drawn is no failure; a machine that was too busy is. */
export function previewTasks(previews: Previews): TaskKind {
  return {
    name: "preview",
    title: "Small pictures of files",
    concurrency: 1,
    maxWaiting: 10_000,
    pausesMs: [60_000, 3600_000],
    keyOf({ id, type, name, size, deleted }) {
      const source = type === "file" && !deleted && size > 0 ? previewSourceOf(name) : undefined;
      return source && size <= source.maxBytes && canPreview(source) ? id : undefined;
    },
    run: ({ key }, { signal }) => previews.prepare(key as EntryId, signal),
  };
}
