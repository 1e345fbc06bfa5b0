import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import type { RestoreNote } from "../features/backup/restore-backup.ts";
import { ServerConfigError } from "../config/server-config-error.ts";
import { writeFileDurably } from "../storage/durable-file.ts";
import type { DataDirectory } from "./data-directory.ts";

/** The note that a server is being restored, as a file in its data directory. */
export function restoreNote({ restoring, signingKey }: DataDirectory): RestoreNote {
  return {
    find: async () => {
      if (!existsSync(restoring)) return undefined;
      return (JSON.parse(await readFile(restoring, "utf8")) as { snapshot: string }).snapshot;
    },
    begin: async (snapshot, key) => {
      await writeFileDurably(restoring, `${JSON.stringify({ snapshot })}\n`);
      await writeFileDurably(signingKey, `${key.toHex()}\n`);
    },
    end: () => rm(restoring),
  };
}

/** @throws ServerConfigError while the server is being restored, or a restore did not come to its end */
export function requireRestored({ restoring }: DataDirectory): void {
  if (existsSync(restoring))
    throw new ServerConfigError(
      "this server is being restored from a backup: run `satchel admin restore` again, to its end",
    );
}
