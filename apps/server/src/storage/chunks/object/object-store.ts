/** Keeps immutable objects by name: S3, or what speaks like it. */
export interface ObjectStore {
  /** Durable when it resolves; the store itself has verified what arrived. @throws ObjectStoreError */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes of a range; undefined when there is no such object, or it ends before the range does. @throws ObjectStoreError */
  get(range: ObjectRange): Promise<Uint8Array | undefined>;
  /** What the store says of an object: its size, and the checksum that it verified; undefined when there is none. @throws ObjectStoreError */
  look(key: string): Promise<StoredObject | undefined>;
  /** Makes addresses for others than this server; undefined where nobody else comes to the store. */
  readonly addresses?: ObjectAddresses | undefined;
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

export interface StoredObject {
  readonly sizeBytes: number;
  /** Undefined where the store has verified none. */
  readonly sha256: string | undefined;
}

/** Addresses with which others write and read an object, and nothing else, for a time. */
export interface ObjectAddresses {
  /** The store itself refuses other bytes than those of this hash, and more or less of them. */
  toPut(
    key: string,
    object: { readonly sha256: string; readonly sizeBytes: number; readonly forMs: number },
  ): Promise<ObjectAddress>;
  toGet(range: ObjectRange, forMs: number): Promise<ObjectAddress>;
}

export interface ObjectAddress {
  readonly url: string;
  /** What the request has to carry, exactly so: it was signed. */
  readonly headers: Readonly<Record<string, string>>;
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

/** The object store answers, and has no room. */
export class ObjectStoreFullError extends ObjectStoreError {
  /** As a disk says it, so that both are told alike. */
  readonly code = "ENOSPC";
}
