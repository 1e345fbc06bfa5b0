import assert from "node:assert/strict";
import { test } from "node:test";
import { DiskError } from "../../ports/disk.ts";
import { diskIssue } from "./disk-issue.ts";

test("[WK45] what the server found malware in is `quarantined` in status, and the disk's own failures are the disk's", () => {
  const codeOf = (code: DiskError["code"]) => diskIssue("a", new DiskError(code, "a", "why")).code;
  assert.deepEqual(
    [codeOf("quarantined"), codeOf("full"), codeOf("corrupt")],
    ["quarantined", "disk_full", "disk_corrupt"],
  );
});
