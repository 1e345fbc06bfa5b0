import { createHmac, timingSafeEqual } from "node:crypto";
import type { Host } from "../../../host.ts";

/** The longest state that is looked at. */
const maxLength = 4096;

export type PageState = ReturnType<typeof createPageState>;

/** What one page hands to the next through the browser, which can neither read more out of it than it knows, nor change it, nor use it for another purpose or later. */
export function createPageState({ key, host }: { key: Uint8Array; host: Host }) {
  const sign = (purpose: string, payload: string): Buffer =>
    createHmac("sha256", key).update(purpose).update(" ").update(payload).digest();
  return {
    write(purpose: string, value: unknown, ttlMs: number): string {
      const payload = Buffer.from(JSON.stringify([host.nowMs() + ttlMs, value])).toString("base64url");
      return `${payload}.${sign(purpose, payload).toString("base64url")}`;
    },
    /** Undefined for what this server never wrote for this purpose, or what is too old. The caller knows what it wrote. */
    read<Value>(purpose: string, state: string | undefined): Value | undefined {
      const [payload, mac, ...rest] = (state ?? "").length > maxLength ? [] : (state ?? "").split(".");
      if (payload === undefined || mac === undefined || rest.length > 0) return undefined;
      const given = Buffer.from(mac, "base64url");
      const right = sign(purpose, payload);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      const [expiresAtMs, value] = JSON.parse(Buffer.from(payload, "base64url").toString()) as [number, Value];
      return expiresAtMs > host.nowMs() ? value : undefined;
    },
  };
}
