import type { AccessClaims } from "./access-token.ts";

/** Access tokens that are remembered: one for each device that asks within ten minutes, up to some 2 MiB. */
const maxKnownTokens = 8192;

/**
 * Reads a token's seal once, and remembers what it says: the HMAC, the schema and their garbage were a twelfth of what a small request cost. A token always says the same; whether its time is over is asked each time, and whether its device's login is
 * still good is not asked of it at all. The oldest is forgotten first.
 */
export function rememberTokens(
  read: (token: string, nowMs: number) => AccessClaims,
  maxTokens = maxKnownTokens,
): (token: string, nowMs: number) => AccessClaims {
  const known = new Map<string, AccessClaims>();
  return (token, nowMs) => {
    const before = known.get(token);
    if (before !== undefined && before.expiresAtMs > nowMs) return before;
    known.delete(token);
    const claims = read(token, nowMs);
    known.set(token, claims);
    const oldest = known.keys().next();
    if (known.size > maxTokens && !oldest.done) known.delete(oldest.value);
    return claims;
  };
}
