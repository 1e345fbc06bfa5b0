import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { openNodeDisk } from "../node-disk.ts";
import { joinParts, listFolder, type ListingPart } from "./list-folder.ts";

test("[DK4] a folder of many entries goes between threads in parts, and is told as one listing, its folders after it", async () => {
  await using directory = await temporaryDirectory("list");
  const names = Array.from({ length: 2100 }, (_, number) => `file-${number}`);
  for (const name of names) writeFileSync(directory.join(name), "");
  mkdirSync(directory.join("in/deeper"), { recursive: true });
  assert.deepEqual(
    [...listFolder(directory.path, "")].map(({ entries, isContinued }) => [entries.length, isContinued]),
    [
      [1000, true],
      [1000, true],
      [101, undefined],
    ],
  );
  const disk = openNodeDisk({ root: directory.path });
  const listings = await Array.fromAsync(disk.scan("", { recursive: true }));
  await disk.close();
  assert.deepEqual(
    listings.map(({ path, entries }) => [path, entries.length]),
    [
      ["", 2101],
      ["in", 1],
      ["in/deeper", 0],
    ],
  );
  assert.deepEqual(new Set(listings[0]?.entries.map(({ name }) => name)), new Set([...names, "in"]));
});

test("[DK5] what can't be told in any of the parts is told with the listing", () => {
  const part = (name: string, isContinued: boolean): ListingPart => ({
    path: "a",
    entries: [],
    unreadable: [{ name, reason: "why" }],
    ...(isContinued && { isContinued }),
  });
  const begun: ListingPart[] = [];
  assert.deepEqual([...joinParts([part("one", true), part("two", true)], begun)], []);
  assert.deepEqual(
    [...joinParts([part("three", false), part("alone", false)], begun)].map(({ unreadable }) =>
      unreadable.map(({ name }) => name),
    ),
    [["one", "two", "three"], ["alone"]],
  );
});
