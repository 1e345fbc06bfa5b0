import type { EntryId } from "@satchel/protocol";
import type { Decision } from "../../decisions/decision-log.ts";
import { findAtPath, remotePath } from "../../exclude/remote-path.ts";
import { verifyFolder, type VerifyReport } from "../../verify/verify-folder.ts";
import type { EngineParts } from "../parts.ts";

/** What a running engine knows, for the person who asks. */
export interface Insight {
  /** Who is at a path of the folder or of the server, and where the server has it; undefined when neither has anything there. */
  findEntry(path: string): { readonly id: EntryId; readonly serverPath: string | undefined } | undefined;
  /** Where the server has an entry, from the root; undefined when it hasn't. */
  serverPath(id: EntryId): string | undefined;
  /** What was done last about what is, or was, at a path, newest first. */
  why(path: string): Decision[];
  /**
   * Looks at everything, waits until it is in step, and compares the folder with what the server tells anew. A difference is one that is there twice, so that a change on its way is none.
   *
   * @throws the api-client's errors
   */
  verify(options: { readonly deep: boolean }): Promise<VerifyReport>;
}

export function insightOf(parts: EngineParts, waitSynced: () => Promise<unknown>): Insight {
  const { state, aliases, decisions } = parts;
  return {
    findEntry(path) {
      const id = findAtPath(state, path) ?? findAtPath(state, aliases.fromDisk(path));
      return id && { id, serverPath: remotePath(state, id) };
    },
    serverPath: (id) => remotePath(state, id),
    why(path) {
      const meant = findAtPath(state, path) === undefined ? aliases.fromDisk(path) : path;
      return decisions.find(meant, findAtPath(state, meant));
    },
    async verify(options) {
      await waitSynced();
      const first = await verifyFolder(parts, options);
      if (first.differences.length === 0) return first;
      await waitSynced();
      const second = await verifyFolder(parts, { deep: false });
      const still = new Set(second.differences.map(({ path, kind }) => JSON.stringify([path, kind])));
      const differences = first.differences.filter(
        ({ path, kind }) => kind === "damaged_here" || still.has(JSON.stringify([path, kind])),
      );
      return { ...second, differences, checked: first.checked };
    },
  };
}
