import { join } from "node:path";

/** Where everything lies in a server's data directory. */
export interface DataDirectory {
  readonly path: string;
  readonly database: string;
  /** The names that search finds things by; can be made again from the database. */
  readonly searchIndex: string;
  readonly chunks: string;
  readonly keys: string;
  readonly masterKey: string;
  /** The master key, encrypted by a key service. */
  readonly wrappedMasterKey: string;
  readonly signingKey: string;
  /** Of the backups that are made of this server. */
  readonly backupKey: string;
  readonly lock: string;
  /** There while the server is restored from a backup. */
  readonly restoring: string;
  /** By what the server kept things when it last started. */
  readonly retention: string;
  /** There while the server's data moves to other stores. */
  readonly promoting: string;
  /** Held by whoever moves it, or gives the move up. */
  readonly promotionLock: string;
  /** There once it has moved: nothing that lies here is the server's any more, but its keys. */
  readonly promoted: string;
  /** What lay here before. */
  readonly beforePromotion: string;
}

/** The keys may lie elsewhere, so that a copy of the directory holds none. */
export function dataDirectoryAt(path: string, keys: string = join(path, "keys")): DataDirectory {
  return {
    path,
    database: join(path, "metadata.db"),
    searchIndex: join(path, "search.db"),
    chunks: join(path, "chunks"),
    keys,
    masterKey: join(keys, "master.key"),
    wrappedMasterKey: join(keys, "master.wrapped.json"),
    signingKey: join(keys, "signing.key"),
    backupKey: join(keys, "backup.key"),
    lock: join(path, "lock"),
    restoring: join(path, "restoring.json"),
    retention: join(path, "retention.json"),
    promoting: join(path, "promoting.json"),
    promotionLock: join(path, "promoting.lock"),
    promoted: join(path, "promoted.json"),
    beforePromotion: join(path, "before-promotion"),
  };
}
