import { readFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { chunkOf } from "../chunks/chunk-store.contract.ts";
import { DiskChunkStore } from "../chunks/disk/disk-chunk-store.ts";
import { wrapByMasterKey } from "../chunks/disk/key-wrapping.ts";
import { openMasterKey, type KeyPlaces } from "./master-key.ts";
import { keyFileHolder } from "./master-key-holder.ts";

/** A chunk store of its own for one test, whose master key is kept by a file at first. */
export async function openKeyPlaces(t: TestContext) {
  const directory = await temporaryDirectory("keys");
  t.after(() => directory[Symbol.asyncDispose]());
  const file = keyFileHolder(directory.join("master.key"));
  const places: KeyPlaces = { chunks: directory.join("chunks"), file, holder: file };
  const open = async (at: KeyPlaces = places, mayCreate = false) =>
    DiskChunkStore.open({
      directory: at.chunks,
      wrapping: wrapByMasterKey(await openMasterKey(at, mayCreate)),
      now: Date.now,
    });
  /** Puts a chunk in, and answers whether all these are readable. */
  const use = async (at: KeyPlaces, put: string, ...all: string[]) => {
    const store = await open(at);
    await store.put([chunkOf(put)]);
    const found = await store.get([put, ...all].map((text) => chunkOf(text).hash));
    await store.close();
    return found.every((bytes, index) => Buffer.from(bytes ?? []).equals(chunkOf([put, ...all][index] ?? "").bytes));
  };
  await (await open(places, true)).close();
  const pack = () => readFile(directory.join("chunks/packs/00000001.pack"));
  return { directory, places, file, use, pack };
}
