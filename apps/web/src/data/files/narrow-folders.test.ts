import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "./entry.ts";
import { maxFolderChoices, narrowFolders } from "./narrow-folders.ts";

function entry(name: string, type: Entry["type"] = "folder"): Entry {
  const nothing = { latest_version: null, modified: null, version_hash: null, link_target: null, conflict_of: null };
  return { id: name as EntryId, name, type, size: 0, executable: false, ...nothing };
}

const none = (): boolean => false;
const namesOf = (entries: readonly Entry[]): string[] => entries.map(({ name }) => name);

test("[WB61] of very many folders the first are choices, and a part of a name leads to any of them", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => entry(`Folder ${index}`));
  const all = narrowFolders(many, { text: "", leaveOut: none });
  assert.deepEqual([all.shown.length, all.moreCount], [maxFolderChoices, 100_000 - maxFolderChoices]);
  const one = narrowFolders(many, { text: " fOLDER 99999", leaveOut: none });
  assert.deepEqual([namesOf(one.shown), one.moreCount], [["Folder 99999"], 0]);
  const fromMac = narrowFolders([entry("Bu\u0308ro")], { text: "BÜRO", leaveOut: none });
  assert.equal(fromMac.shown.length, 1);
});

test("[WB61] files, and folders that can't be chosen, are no choices", () => {
  const entries = [entry("a"), entry("b"), entry("a file", "file")];
  const choices = narrowFolders(entries, { text: "", leaveOut: ({ name }) => name === "b" });
  assert.deepEqual([namesOf(choices.shown), choices.moreCount], [["a"], 0]);
});
