import type { DiskError } from "../../ports/disk.ts";
import type { Issue } from "./issues.ts";

/** How a failure of an entry's content is told in `status`. What the server holds back is no fault of the disk, and isn't called one. [WK45] */
export function diskIssue(path: string, { code, message }: Pick<DiskError, "code" | "message">): Issue {
  return { path, code: code === "quarantined" ? code : `disk_${code}`, message };
}
