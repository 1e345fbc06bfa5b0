/** What a group may hold. */
export interface GroupBounds {
  readonly maxBytes: number;
  /** Default: no bound but the bytes. */
  readonly maxItems?: number;
  /** An item of more bytes than this makes a group of its own, at once. Default: none does. */
  readonly aloneAboveBytes?: number;
}

/** Items in groups that travel in one go, in order; only a single item may exceed the bytes. */
export function* groupBySize<T>(
  items: Iterable<T>,
  sizeOf: (item: T) => number,
  { maxBytes, maxItems = Number.POSITIVE_INFINITY, aloneAboveBytes = Number.POSITIVE_INFINITY }: GroupBounds,
): Generator<T[]> {
  let group: T[] = [];
  let groupBytes = 0;
  for (const item of items) {
    const sizeBytes = sizeOf(item);
    if (sizeBytes > aloneAboveBytes) {
      yield [item];
      continue;
    }
    if (group.length >= maxItems || (group.length > 0 && groupBytes + sizeBytes > maxBytes)) {
      yield group;
      group = [];
      groupBytes = 0;
    }
    group.push(item);
    groupBytes += sizeBytes;
  }
  if (group.length > 0) yield group;
}
