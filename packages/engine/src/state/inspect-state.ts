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
