/** Calls back whenever this machine woke up or changed its network, until the returned function is called. */
export type NetworkWatch = (onChange: () => void) => () => void;

/** What is looked at. */
export interface NetworkSenses {
  nowMs(): number;
  /** The machine's own addresses, as a text that compares. */
  addresses(): string;
  /** Calls again and again; returns what ends it. */
  every(ms: number, look: () => void): () => void;
}

/** How often the machine is looked at. */
export const lookEveryMs = 2000;
/** A look that comes this much later than it should tells of sleep: nothing else holds a program up so long. */
export const sleepMs = 5000;

/**
 * Connections that stood before a sleep or on another network are dead without knowing it, and would be noticed within a minute only. A machine that slept is recognised
 * by its clock, another network by the machine's addresses.
 */
export function createNetworkWatch(senses: NetworkSenses): NetworkWatch {
  return (onChange) => {
    let lookedAtMs = senses.nowMs();
    let addresses = senses.addresses();
    return senses.every(lookEveryMs, () => {
      const nowMs = senses.nowMs();
      const now = senses.addresses();
      const slept = nowMs - lookedAtMs > lookEveryMs + sleepMs;
      lookedAtMs = nowMs;
      if (!slept && now === addresses) return;
      addresses = now;
      onChange();
    });
  };
}
