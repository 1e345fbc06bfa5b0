import { networkInterfaces } from "node:os";
import { createNetworkWatch, type NetworkWatch } from "./network-watch.ts";

/** This machine's. Doesn't keep the process running. */
export const systemNetworkWatch: NetworkWatch = createNetworkWatch({
  nowMs: () => Date.now(),
  addresses: () =>
    Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal }) => !internal)
      .map(({ cidr, address }) => cidr ?? address)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .join(),
  every: (ms, look) => {
    const timer = setInterval(look, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
});
