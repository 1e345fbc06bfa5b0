/** Remembers answers for a short time. Bounded in entries; what it forgets is asked again. */
export interface Cache<Value> {
  /**
   * The remembered value, or what `fill` answers, which is then remembered. Callers that come while a fill is under way share it. An
   * invalidation during a fill wins: the fill's answer goes to those who waited for it and is not remembered.
   */
  getOrFill(key: string, fill: () => Promise<Value>): Promise<Value>;
  invalidate(key: string): void;
  /** Invalidates every key whose remembered value fits. */
  invalidateWhere(fits: (value: Value) => boolean): void;
}
