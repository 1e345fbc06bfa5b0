import { findProxy, probeServer } from "@satchel/api-client";
import type { ProxyEnvironment, ServerProbe } from "@satchel/api-client";
import type { Session } from "../home/session.ts";
import { explainError } from "../output/explain-error.ts";
import { formatDuration } from "../output/format.ts";
import { ok, problem, skipped, warning, type Finding } from "./finding.ts";

/** Clocks that are further apart make people wonder about times of files; tokens are not affected. */
const maxClockSeconds = 60;
/** A way to the server that takes longer makes small files slow. */
const slowRoundTripMs = 1000;
/** How long a WebSocket may take to open. */
const openWithinMs = 10_000;

/** The proxy on the way, without its password. */
export function checkProxy(serverUrl: string, environment: ProxyEnvironment): Finding {
  try {
    const proxy = findProxy(new URL(serverUrl), environment);
    return ok("proxy", proxy ? `Requests go through the proxy at ${proxy.host}.` : "No proxy is on the way.");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return problem("proxy", `${why}.`, "Set the variable to http://HOST:PORT, or unset it.");
  }
}

/** The server itself: reachable, a Satchel server, its clock. */
export async function checkServer(serverUrl: string): Promise<Finding[]> {
  let probe: ServerProbe;
  try {
    probe = await probeServer(serverUrl);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      problem("server", `${serverUrl} can't be reached: ${why}.`, "Check the network, the address and that it runs."),
      skipped("clock", "The server's clock could not be asked for."),
    ];
  }
  return [describeServer(serverUrl, probe), checkClock(probe)];
}

function describeServer(serverUrl: string, { apiVersion, roundTripMs }: ServerProbe): Finding {
  if (apiVersion === undefined)
    return problem("server", `What answers at ${serverUrl} is not a Satchel server.`, "Check the address.");
  const said = `${serverUrl} answers in ${Math.round(roundTripMs)} ms (API ${apiVersion})`;
  if (roundTripMs <= slowRoundTripMs) return ok("server", `${said}.`);
  return warning("server", `${said}, which is slow.`, "Look for what is slow on the way: a proxy, a weak network.");
}

function checkClock({ clockAheadMs }: ServerProbe): Finding {
  if (clockAheadMs === undefined) return skipped("clock", "The server does not tell its time.");
  const seconds = Math.round(clockAheadMs / 1000);
  if (Math.abs(seconds) <= maxClockSeconds) return ok("clock", "The clocks here and on the server agree.");
  const apart = formatDuration(Math.abs(seconds));
  const which = seconds > 0 ? "behind" : "ahead of";
  return warning(
    "clock",
    `The clock here is ${apart} ${which} the server's.`,
    "Set this machine's clock by the network (NTP).",
  );
}

/** Whether the login holds. */
export async function checkLogin({ api, login }: Session): Promise<Finding> {
  try {
    await api.poll({ timeoutSeconds: 0 });
    return ok("login", `Logged in as ${login.user}.`);
  } catch (error) {
    const { sentence } = explainError(error);
    return problem("login", sentence, "`satchel login URL` signs this device in anew.");
  }
}

/** Whether changes are pushed, or have to be asked for. */
export async function checkWebSocket({ api, login }: Session): Promise<Finding> {
  const outcome = Promise.withResolvers<string>();
  const timer = setTimeout(() => outcome.resolve("late"), openWithinMs);
  const subscription = api.subscribe({
    workspaceId: login.workspaceId,
    cursor: () => undefined,
    onPush: () => undefined,
    onState: (state) => state !== "disconnected" && outcome.resolve(state),
    onEnd: (error) => outcome.resolve(error.message),
  });
  try {
    const state = await outcome.promise;
    if (state === "connected") return ok("websocket", "Changes of others are told at once, over a WebSocket.");
    const advice = "Let a proxy or firewall on the way pass WebSockets (Upgrade). Until then changes are asked for.";
    return warning("websocket", "No WebSocket gets through to the server.", advice);
  } finally {
    clearTimeout(timer);
    subscription.close();
  }
}
