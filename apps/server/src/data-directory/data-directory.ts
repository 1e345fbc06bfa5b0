import { join } from "node:path";

/** Where everything lies in a server's data directory. */
export interface DataDirectory {
  readonly path: string;
  readonly database: string;
  readonly chunks: string;
  readonly keys: string;
  readonly masterKey: string;
  readonly signingKey: string;
  readonly lock: string;
}

export function dataDirectoryAt(path: string): DataDirectory {
  const keys = join(path, "keys");
  return {
    path,
    database: join(path, "metadata.db"),
    chunks: join(path, "chunks"),
    keys,
    masterKey: join(keys, "master.key"),
    signingKey: join(keys, "signing.key"),
    lock: join(path, "lock"),
  };
}
