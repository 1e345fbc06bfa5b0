import type { Bus, BusMessage } from "./bus.ts";

/** The bus of a server that is one process: a message is delivered before `publish` returns. */
export function createInProcessBus(options: { readonly onListenerError: (error: unknown) => void }): Bus {
  const listeners = new Set<(message: BusMessage) => void>();
  return {
    publish(message, onSent) {
      for (const listener of listeners) {
        try {
          listener(message);
        } catch (error) {
          options.onListenerError(error);
        }
      }
      onSent?.();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
