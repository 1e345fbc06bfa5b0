import { createNetworkWatch, type NetworkWatch } from "./network-watch.ts";

/** A page isn't told its addresses, only that the network came back; sleep shows on the clock as everywhere. */
export const systemNetworkWatch: NetworkWatch = (onChange) => {
  const endClock = watchClock(onChange);
  page.addEventListener("online", onChange);
  return () => {
    page.removeEventListener("online", onChange);
    endClock();
  };
};

/** A page's events come to its global object, which the types of other hosts don't know as a target. */
const page = globalThis as unknown as EventTarget;

const watchClock: NetworkWatch = createNetworkWatch({
  nowMs: () => Date.now(),
  addresses: () => "",
  every: (ms, look) => {
    const timer = setInterval(look, ms);
    return () => clearInterval(timer);
  },
});
