/** Keeps immutable objects by name: S3, or what speaks like it. */
export interface ObjectStore {
  /** Durable when it resolves; the store itself has verified what arrived. @throws ObjectStoreError */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes of a range; undefined when there is no such object, or it ends before the range does. @throws ObjectStoreError */
  get(range: ObjectRange): Promise<Uint8Array | undefined>;
  /** At most {@link maxRemovedObjects}; what is not there is no error. @throws ObjectStoreError */
  remove(keys: readonly string[]): Promise<void>;
  /** Calls under way fail. */
  close(): void;
}

export interface ObjectRange {
  readonly key: string;
  readonly offset: number;
  /** At least 1. */
  readonly length: number;
}

/** What S3 takes in one request. */
export const maxRemovedObjects = 1000;

/** The object store could not be asked, or would not. */
export class ObjectStoreError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ObjectStoreError";
  }
}
