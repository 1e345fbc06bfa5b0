import { createHmac, hash } from "node:crypto";
import type { AuditChain, AuditRow } from "./audit-store.ts";

export function hashBody(body: string): string {
  return hash("sha256", body, "hex");
}

/** What chains a record to the one before it, whose hash is `previous` (empty for the first). */
export function hashRecord(
  key: Uint8Array,
  previous: string,
  record: Pick<AuditRow, "sequence" | "atMs" | "bodyHash">,
): string {
  const { sequence, atMs, bodyHash } = record;
  return mac(key, ["record", previous, sequence, atMs, bodyHash]);
}

/** What seals both ends of the chain. */
export function sealChain(key: Uint8Array, chain: Omit<AuditChain, "seal">): string {
  const { prunedSequence, prunedHash, lastSequence, lastHash } = chain;
  return mac(key, ["chain", prunedSequence, prunedHash, lastSequence, lastHash]);
}

function mac(key: Uint8Array, parts: readonly (string | number)[]): string {
  return createHmac("sha256", key).update(parts.join("\n")).digest("hex");
}
