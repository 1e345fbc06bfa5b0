import { isIPv6 } from "node:net";
import { ProblemError } from "@satchel/protocol";
import type { Limiter } from "../../storage/limiter/limiter.ts";

/** Undefined where a limit is switched off. */
export interface Limiters {
  readonly address: Limiter | undefined;
  readonly account: Limiter | undefined;
  readonly device: Limiter | undefined;
  /** Ways to sign in, by address. */
  readonly signIn: Limiter | undefined;
}

/** Sends callers away who ask too often. */
export interface RateLimits {
  /** Of any request, before anything else about it is looked at. @throws too_many_requests */
  admitAddress(address: string): Promise<void>;
  /** Of a request of somebody who is known. @throws too_many_requests */
  admitCaller(caller: { readonly accountId: string; readonly deviceId: string }): Promise<void>;
  /** Of an attempt to sign in. @throws too_many_requests */
  admitSignIn(address: string): Promise<void>;
}

export function createRateLimits(limiters: Limiters): RateLimits {
  return {
    admitAddress: (address) => admit(limiters.address, networkOf(address)),
    async admitCaller({ accountId, deviceId }) {
      await admit(limiters.device, deviceId);
      await admit(limiters.account, accountId);
    },
    admitSignIn: (address) => admit(limiters.signIn, networkOf(address)),
  };
}

async function admit(limiter: Limiter | undefined, key: string): Promise<void> {
  const waitMs = (await limiter?.take(key)) ?? 0;
  if (waitMs > 0)
    throw new ProblemError("too_many_requests", "too many requests at once; wait a moment", {
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    });
}

/** Who has one IPv6 address usually has all of its /64 network. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => "0");
  const prefix = [...groups, ...zeros, ...after].slice(0, 4);
  return `${prefix.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
