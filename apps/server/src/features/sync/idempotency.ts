import { hash } from "node:crypto";
import type { CommitBatch } from "../../storage/metadata/tree-store.ts";
import type { Principal } from "../identity/principal.ts";

/** An `Idempotency-Key` with what it came with. */
export interface RepeatableRequest {
  readonly key: string;
  /** Tells one use of the key from another: names the operation and its arguments. */
  readonly fingerprint: string;
}

/** Within one workspace the key belongs to the account that used it: others can't learn of its answer. */
export function idempotencyOf(
  principal: Principal,
  request: RepeatableRequest | undefined,
): CommitBatch["idempotency"] {
  if (!request) return undefined;
  return { key: hash("sha256", `${principal.accountId}\n${request.key}`, "hex"), requestHash: request.fingerprint };
}
