import type { Cursor, EntryId, EntryState } from "@satchel/protocol";
import type { Item } from "@satchel/reconcile";
import type { Exclusions } from "../exclude/exclusions.ts";
import { remoteRecord } from "../feed/remote-record.ts";
import { compareTrees, maxDifferences, type Difference } from "./compare-trees.ts";
import { contentTree, type ContentNode } from "./content-tree.ts";
import { rereadFile, type RereadContext } from "./reread-file.ts";

export interface VerifyContext extends RereadContext {
  readonly exclusions: Exclusions;
}

export interface VerifyReport {
  /** Of the whole folder; equal on every device whose folder is the same. SHA-256 in hex. */
  readonly digest: string;
  /** The server's, less what this device leaves out. */
  readonly serverDigest: string;
  /** Named one by one, up to a bound. */
  readonly differences: readonly Difference[];
  readonly checked: { readonly items: number; readonly rereadFiles: number; readonly rereadBytes: number };
}

/**
 * Compares the folder, as the last look at it showed, with what the server tells when it is asked for all of it anew. With `deep`, every file is read again too.
 *
 * @throws the api-client's errors
 */
export async function verifyFolder(context: VerifyContext, options: { readonly deep: boolean }): Promise<VerifyReport> {
  const there = await listServer(context);
  const here = listDisk(context);
  const { damaged, files, bytes } = options.deep ? await rereadAll(context, here) : { damaged: [], files: 0, bytes: 0 };
  return {
    digest: here.digest,
    serverDigest: there.digest,
    differences: [...damaged, ...compareTrees(here, there)].slice(0, maxDifferences),
    checked: { items: count(here) - 1, rereadFiles: files, rereadBytes: bytes },
  };
}

function listDisk({ state }: VerifyContext): ContentNode {
  return contentTree(rootOf(state.rootId), (id) => state.local.children(id));
}

async function listServer({ state, server, exclusions }: VerifyContext): Promise<ContentNode> {
  const entries = new Map<EntryId, EntryState>();
  let cursor: Cursor | undefined;
  for (let more = true; more;) {
    const page = await server.changes({ cursor });
    for (const change of page.changes) {
      if (change.deleted) entries.delete(change.id);
      else entries.set(change.id, change);
    }
    ({ cursor, has_more: more } = page);
  }
  const children = new Map<EntryId | null, Item[]>();
  for (const entry of entries.values()) {
    const item = remoteRecord(entry);
    const siblings = children.get(item.parentId) ?? [];
    siblings.push(item);
    children.set(item.parentId, siblings);
  }
  return contentTree(
    rootOf(state.rootId),
    (id) => children.get(id) ?? [],
    (id) => exclusions.isRoot(id),
  );
}

function rootOf(id: EntryId): Item {
  const nothing = { contentHash: null, sizeBytes: 0, modifiedMs: 0, executable: false, linkTarget: null };
  return { id, parentId: null, name: "", type: "folder", ...nothing };
}

async function rereadAll(context: VerifyContext, top: ContentNode) {
  const damaged: Difference[] = [];
  let [files, bytes] = [0, 0];
  const nodes = [{ path: "", node: top }];
  for (const { path, node } of nodes) {
    for (const [name, child] of node.children)
      nodes.push({ path: path === "" ? name : `${path}/${name}`, node: child });
    const record = node.item.type === "file" ? context.state.local.find(node.id) : undefined;
    const isWhole = record && (await rereadFile(context, record));
    if (record === undefined || isWhole === undefined) continue;
    files += 1;
    bytes += record.sizeBytes;
    if (!isWhole && damaged.length < maxDifferences) damaged.push({ path, kind: "damaged_here" });
  }
  return { damaged, files, bytes };
}

function count(top: ContentNode): number {
  const nodes = [top];
  for (const node of nodes) nodes.push(...node.children.values());
  return nodes.length;
}
