import { spawnSync } from "node:child_process";

const INSIDE = "SATCHEL_BENCH_NAMESPACE";
const RAISE_LOOPBACK = 'ip link set lo up && exec "$0" "$@"';

/**
 * Goes on in a network namespace of its own, whose loopback interface then carries the measured bytes and no others.
 * Does not return where that works: the process is replaced. Returns whether it is in one.
 */
export function enterNetworkNamespace(): boolean {
  if (process.env[INSIDE] === "yes") return true;
  const unshare = [["--net"], ["--net", "--map-root-user"]].find((options) => {
    const probe = spawnSync("unshare", [...options, "sh", "-c", RAISE_LOOPBACK, "true"], { stdio: "ignore" });
    return probe.status === 0;
  });
  if (unshare === undefined || process.execve === undefined) return false;
  const words = ["/usr/bin/env", "unshare", ...unshare, "sh", "-c", RAISE_LOOPBACK];
  return process.execve(words[0] as string, [...words, process.execPath, ...process.argv.slice(1)], {
    ...process.env,
    [INSIDE]: "yes",
  });
}
