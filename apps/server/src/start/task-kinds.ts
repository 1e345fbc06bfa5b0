import { previewTasks } from "../features/previews/preview-tasks.ts";
import type { TaskKind } from "../features/tasks/task-kind.ts";
import type { ServerCore } from "../server-core.ts";

/** Every kind of task that processes with the role `worker` do, beside what is asked for. */
export function taskKinds({ previews, scanTasks }: ServerCore): readonly TaskKind[] {
  return [previewTasks(previews), ...(scanTasks ? [scanTasks] : [])];
}
