import { createHash } from "node:crypto";
import type { EntryId } from "@satchel/protocol";

/** A number for an entry, always the same, for programs whose ids are numbers: 63 bits of a hash. */
export function fileNumber(id: EntryId): string {
  return (createHash("sha256").update(id).digest().readBigUInt64BE() >> 1n).toString();
}
