import { DatabaseSync } from "node:sqlite";

/** What a look into a device's database tells, without changing it. */
export type StateFindings =
  | { readonly health: "missing" }
  | { readonly health: "damaged"; readonly detail: string }
  | { readonly health: "sound"; readonly files: number; readonly folders: number };

/** Checks the database of a device's state; a running engine may work on it meanwhile. Takes about a second for each GB. */
export function inspectState(path: string): StateFindings {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { readOnly: true });
  } catch (error) {
    const isMissing = /unable to open/.test(String(error));
    return isMissing ? { health: "missing" } : { health: "damaged", detail: String(error) };
  }
  try {
    const found = database.prepare("PRAGMA quick_check(1)").get()?.quick_check as string;
    if (found !== "ok") return { health: "damaged", detail: found };
    const count = (where: string): number =>
      database.prepare(`SELECT count(*) AS count FROM local WHERE ${where}`).get()?.count as number;
    return { health: "sound", files: count("type <> 'folder'"), folders: count("type = 'folder'") };
  } catch (error) {
    return { health: "damaged", detail: error instanceof Error ? error.message : String(error) };
  } finally {
    database.close();
  }
}

/** More names than these are not given out at once. */
const maxKnownNames = 500_000;

/** Every name of a file or folder that a device's database knows, here or on the server; none where there is no database. */
export function knownNames(path: string): string[] {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const rows = database.prepare("SELECT name FROM local UNION SELECT name FROM remote LIMIT ?").all(maxKnownNames);
    return rows.map((row) => row.name as string).filter((name) => name !== "");
  } catch {
    return [];
  } finally {
    database?.close();
  }
}
