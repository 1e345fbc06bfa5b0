import { createHmac, timingSafeEqual } from "node:crypto";
import { ProblemError } from "@satchel/protocol";

/** What an address says, in the order in which it is signed. */
type Said = readonly (string | number)[];

/** The signature of an address that is good until an instant. Every kind of address has a key of its own, so that none can stand for another. */
export function signAddress(key: Uint8Array, said: Said, expiresAtMs: number): string {
  return macOf(key, said, expiresAtMs).toString("base64url");
}

/** @throws url_expired unless this server signed exactly this, and its time isn't over. */
export function requireSigned(
  key: Uint8Array,
  said: Said,
  { expires, signature }: { readonly expires: number; readonly signature: string },
  nowMs: number,
): void {
  const given = Buffer.from(signature, "base64url");
  const right = macOf(key, said, expires);
  const isGenuine = given.length === right.length && timingSafeEqual(given, right);
  if (!isGenuine || expires <= nowMs) throw new ProblemError("url_expired");
}

function macOf(key: Uint8Array, said: Said, expiresAtMs: number): Buffer {
  return createHmac("sha256", key)
    .update([...said, expiresAtMs].join("\n"))
    .digest();
}
