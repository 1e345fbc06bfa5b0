import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { EntryId, VersionHash, VersionId } from "@satchel/protocol";
import { hasAttributes } from "../tree/compare.ts";
import type { LocalItem, RemoteItem, SyncedItem } from "../tree/item.ts";
import { temporaryName } from "../tree/place.ts";
import { limboId } from "../tree/view.ts";
import { hasRemoteNews, judge, type Standing } from "./verdict.ts";

const rootId = "w.root" as EntryId;
const id = "w.x" as EntryId;

const base: SyncedItem = {
  id,
  parentId: rootId,
  name: "x",
  type: "file",
  contentHash: "h0" as VersionHash,
  sizeBytes: 1,
  modifiedMs: 1,
  executable: false,
  linkTarget: null,
  versionId: "v0" as VersionId,
};
const folder: SyncedItem = { ...base, type: "folder", contentHash: null, modifiedMs: 0, versionId: null };

const kinds = ["unchanged", "touched", "edited", "moved", "edited+moved", "deleted"] as const;
type Change = (typeof kinds)[number];

function change(kind: Change, item: SyncedItem, side: 1 | 2): SyncedItem | undefined {
  const edit = { contentHash: `h${side}` as VersionHash, modifiedMs: 20 + side };
  const move = { name: `x${side}` };
  switch (kind) {
    case "unchanged":
      return item;
    case "touched":
      return { ...item, modifiedMs: 10 + side };
    case "edited":
      return { ...item, ...edit };
    case "moved":
      return { ...item, ...move };
    case "edited+moved":
      return { ...item, ...edit, ...move };
    case "deleted":
      return undefined;
  }
}

function standingOf(synced: SyncedItem, here: Change, there: Change): Standing {
  const mine = change(here, synced, 1);
  const theirs = change(there, synced, 2);
  return {
    id,
    synced,
    local: mine && { ...mine, content: "known", conflictOf: null },
    remote: theirs && { ...theirs, conflictOf: null },
  };
}

/** The verdict in the words of the table. */
function describe(standing: Standing): string {
  const { local, remote } = standing;
  const { fate, placeFrom, content, attributes } = judge(standing, rootId);
  if (fate === "delete") return local === undefined ? "delete there" : "delete here";
  if (fate === "forget") return "forget";
  if (fate === "renew") return local === undefined ? "make all here" : "make all there";
  if (local === undefined) return "make here";
  if (remote === undefined) return "make there";
  const words: string[] = [];
  if (placeFrom === "remote") words.push("move here");
  if (placeFrom === "local") words.push("move there");
  if (attributes !== undefined && content !== "take_remote" && !hasAttributes(local, attributes)) {
    words.push("touch here");
  }
  if (attributes !== undefined && content !== "give_local" && !hasAttributes(remote, attributes)) {
    words.push("touch there");
  }
  if (content === "take_remote") words.push("fetch");
  if (content === "give_local") words.push("upload");
  if (content === "conflict") words.push("conflict");
  return words.join(", ") || "nothing";
}

function tableOf(synced: SyncedItem, kinds: readonly Change[]): string {
  const lines = [`| here \\ there | ${kinds.join(" | ")} |`, `| --- |${" --- |".repeat(kinds.length)}`];
  for (const here of kinds) {
    const cells = kinds.map((there) => describe(standingOf(synced, here, there)));
    lines.push(`| **${here}** | ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}

const page = readFileSync(new URL("../../../../docs/spec/reconcile.md", import.meta.url), "utf8");

function documented(name: string): string | undefined {
  return new RegExp(`<!-- table: ${name} -->\n([^]*?)\n<!-- end -->`).exec(page)?.[1];
}

test("the table of files in the specification is what the code does [RC1] [RC4] [RC5] [RC6] [RC20] [RC21]", () => {
  assert.equal(documented("files"), tableOf(base, kinds));
});

test("the table of folders in the specification is what the code does [RC1] [RC4] [RC20] [RC24]", () => {
  assert.equal(documented("folders"), tableOf(folder, ["unchanged", "moved", "deleted"]));
});

function standing(
  local: Partial<LocalItem> | undefined,
  remote: Partial<RemoteItem> | undefined,
  synced = true,
): Standing {
  return {
    id,
    synced: synced ? base : undefined,
    local: local && { ...base, content: "known", conflictOf: null, ...local },
    remote: remote && { ...base, conflictOf: null, ...remote },
  };
}

test("the same edit on both sides is no conflict [RC5]", () => {
  const edit = { contentHash: "h9" as VersionHash };
  assert.equal(judge(standing(edit, edit), rootId).content, "same");
});

test("without a base equal contents agree, and place, time and mode are the server's [RC7]", () => {
  const verdict = judge(
    standing({ name: "here", modifiedMs: 7 }, { name: "there", modifiedMs: 8, executable: true }, false),
    rootId,
  );
  assert.deepEqual(verdict, {
    fate: "live",
    place: { parentId: rootId, name: "there" },
    placeFrom: "remote",
    content: "same",
    attributes: { modifiedMs: 8, executable: true },
  });
});

test("without a base different contents are a conflict [RC7]", () => {
  assert.equal(judge(standing({}, { contentHash: "h9" as VersionHash }, false), rootId).content, "conflict");
});

test("a deletion waits for the content of a file that was not read since it changed [RC3]", () => {
  assert.equal(judge(standing({ content: "unknown" }, undefined), rootId).fate, "undecided");
  assert.equal(judge(standing({ content: "unknown", name: "moved" }, undefined), rootId).fate, "live");
});

test("an unread file takes the server's place, and nothing of its content is decided [RC3]", () => {
  const verdict = judge(standing({ content: "unknown" }, { name: "there", contentHash: "h9" as VersionHash }), rootId);
  assert.equal(verdict.placeFrom, "remote");
  assert.equal(verdict.content, "unknown");
  assert.equal(verdict.attributes, undefined);
});

test("limbo and temporary names are no wish [RC2] [RC54]", () => {
  const parked = { parentId: limboId, name: id };
  const temporary = { name: temporaryName(id) };
  assert.deepEqual(judge(standing(parked, {}), rootId).place, { parentId: rootId, name: "x" });
  assert.deepEqual(judge(standing({}, temporary), rootId).place, { parentId: rootId, name: "x" });
  assert.equal(judge(standing(parked, undefined), rootId).fate, "delete");
  assert.equal(judge(standing(undefined, temporary), rootId).fate, "delete");
  assert.deepEqual(judge(standing(undefined, temporary, false), rootId).place, {
    parentId: rootId,
    name: "Recovered x",
  });
});

test("what the server changed and this device doesn't have is news [RC25]", () => {
  assert.equal(hasRemoteNews(standing({}, {})), false);
  assert.equal(hasRemoteNews(standing({ contentHash: "h1" as VersionHash }, {})), false);
  assert.equal(hasRemoteNews(standing({}, { contentHash: "h2" as VersionHash })), true);
  assert.equal(hasRemoteNews(standing({ modifiedMs: 5 }, { modifiedMs: 5 })), false);
  assert.equal(hasRemoteNews(standing(undefined, {}, false)), true);
});
