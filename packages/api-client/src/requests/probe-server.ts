import { systemTiming } from "../retry/timing.ts";
import type { Timing } from "../retry/timing.ts";
import { createHttpTransport } from "#transport/http";
import type { HttpTransport } from "../transport/transport.ts";

/** What two plain questions tell of a server. */
export interface ServerProbe {
  readonly roundTripMs: number;
  /** The server's clock minus this machine's, in milliseconds, to about a second; undefined when it doesn't tell. */
  readonly clockAheadMs: number | undefined;
  /** Of its API; undefined when what answers has none. */
  readonly apiVersion: string | undefined;
}

/** Looks at a server without a login. @throws OfflineError */
export async function probeServer(
  serverUrl: string,
  timing: Pick<Timing, "nowMs"> = systemTiming,
  transport: HttpTransport = createHttpTransport(serverUrl),
): Promise<ServerProbe> {
  const get = (path: string) => transport.send({ method: "GET", path, headers: {}, idempotent: true });
  try {
    // The first question opens the connection.
    const description = await get("/openapi.json");
    const startMs = timing.nowMs();
    const answer = await get("/healthz");
    const endMs = timing.nowMs();
    const date = Date.parse(answer.headers["date"] ?? "");
    // A date header counts whole seconds: half a second is as good a guess as any.
    const clockAheadMs = Number.isNaN(date) ? undefined : date + 500 - (startMs + endMs) / 2;
    return { roundTripMs: endMs - startMs, clockAheadMs, apiVersion: versionIn(description.body) };
  } finally {
    await transport.close();
  }
}

function versionIn(body: Uint8Array): string | undefined {
  try {
    const document = JSON.parse(new TextDecoder().decode(body)) as { info?: { version?: unknown } };
    return typeof document.info?.version === "string" ? document.info.version : undefined;
  } catch {
    return undefined;
  }
}
