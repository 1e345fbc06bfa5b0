import type { Host } from "../../../host.ts";
import { openSealed, seal } from "../factors/seal.ts";

/** The longest state that is looked at. */
const maxLength = 4096;

/** What one page hands to the next through the browser, which can neither read nor change it, nor use it for another purpose or later. */
export function createPageState({ key, host }: { key: Uint8Array; host: Host }) {
  return {
    write(purpose: string, value: unknown, ttlMs: number): string {
      return seal(key, purpose, JSON.stringify([host.nowMs() + ttlMs, value]));
    },
    /** Undefined for what this server never wrote for this purpose, or what is too old. The caller knows what it wrote. */
    read<Value>(purpose: string, state: string | undefined): Value | undefined {
      if (state === undefined || state.length > maxLength) return undefined;
      try {
        const [expiresAtMs, value] = JSON.parse(openSealed(key, purpose, state)) as [number, Value];
        return expiresAtMs > host.nowMs() ? value : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
