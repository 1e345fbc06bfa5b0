/** What {@link waitSynced} waits for. */
interface Synced {
  waitSynced(): Promise<unknown>;
}

/** True once all is in step; false when the time ran out, or nobody waits any more. */
export async function waitSynced(
  engine: Synced,
  wait: { readonly timeoutMs: number | null; readonly signal: AbortSignal },
): Promise<boolean> {
  const gaveUp = Promise.withResolvers<false>();
  const giveUp = (): void => gaveUp.resolve(false);
  const timer = wait.timeoutMs === null ? undefined : setTimeout(giveUp, wait.timeoutMs);
  wait.signal.addEventListener("abort", giveUp);
  try {
    return await Promise.race([engine.waitSynced().then(() => true), gaveUp.promise]);
  } finally {
    clearTimeout(timer);
    wait.signal.removeEventListener("abort", giveUp);
  }
}
