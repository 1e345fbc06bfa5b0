import type { EntryId, VersionHash, VersionId } from "@satchel/protocol";
import type { Plan } from "../plan/operation.ts";
import type { LocalItem, RemoteItem, SyncedItem, Trees } from "../tree/item.ts";
import { limboId } from "../tree/view.ts";
import { mapTree, type MapTree } from "./map-tree.fixture.ts";

/** An entry in a few characters: a folder unless it has content, in the root unless told otherwise. Ids are given as keys. */
export interface Sketch {
  readonly in?: string;
  readonly name: string;
  readonly content?: string;
  readonly unread?: boolean;
  readonly modifiedMs?: number;
}

export interface Sketches {
  readonly synced?: Readonly<Record<string, Sketch>>;
  readonly local?: Readonly<Record<string, Sketch>>;
  readonly remote?: Readonly<Record<string, Sketch>>;
  readonly changed?: readonly string[];
}

export const rootId = "w.root" as EntryId;
export const idOf = (key: string): EntryId => (key === "limbo" ? limboId : `w.${key}`) as EntryId;

function row(key: string, { in: parent = "root", name, content, unread, modifiedMs }: Sketch) {
  return {
    id: idOf(key),
    parentId: key === "root" ? null : idOf(parent),
    name,
    type: content === undefined ? ("folder" as const) : ("file" as const),
    contentHash: (content ?? null) as VersionHash | null,
    sizeBytes: 0,
    modifiedMs: content === undefined ? 0 : (modifiedMs ?? 1),
    executable: false,
    linkTarget: null,
    content: unread ? ("unknown" as const) : ("known" as const),
    conflictOf: null,
    versionId: (content === undefined ? null : `v-${content}`) as VersionId | null,
  };
}

export function treesOf(sketches: Sketches): Trees {
  const fill = <T extends LocalItem | RemoteItem | SyncedItem>(rows: Sketches["synced"] = {}): MapTree<T> => {
    const tree = mapTree<T>(row("root", { name: "" }) as unknown as T);
    for (const [key, sketch] of Object.entries(rows)) tree.put(row(key, sketch) as unknown as T);
    return tree;
  };
  const { synced, local, remote } = sketches;
  const all = [synced, local, remote].flatMap((rows) => Object.keys(rows ?? {}));
  return {
    rootId,
    synced: fill(synced),
    local: fill(local),
    remote: fill(remote),
    changed: (sketches.changed ?? all).map(idOf),
  };
}

/** A plan as short lines: `what id place`. */
export function linesOf(made: Plan): Record<keyof Plan, string[]> {
  const line = (operation: Plan[keyof Plan][number]): string => {
    const place = "place" in operation ? ` ${operation.place.parentId.slice(2)}/${operation.place.name}` : "";
    const other = "remoteId" in operation ? ` ${operation.remoteId.slice(2)}` : "";
    const split = "split" in operation && operation.split ? " split" : "";
    return `${operation.do} ${operation.id.slice(2)}${place}${other}${split}`;
  };
  return {
    books: made.books.map(line),
    ingest: made.ingest.map(line),
    local: made.local.map(line),
    remote: made.remote.map(line),
  };
}
