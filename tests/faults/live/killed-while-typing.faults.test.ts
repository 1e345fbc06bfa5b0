import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { checkStore, serverConfig } from "@satchel/server";
import { eventually } from "../../e2e/support/eventually.ts";
import { joinLive, type LiveWriter } from "../support/live-writer.ts";
import { openPlace } from "../support/place.ts";

const TIMEOUT_MS = 120_000;
const rounds = 2;
/** The server dies when so many lines more are kept, with others on their way. */
const keptBeforeKill = 5;
const typeEveryMs = 5;

test("[FT47] [LV3] a server that is killed while somebody types live loses nothing that it said is kept, and all of it reaches the synced folder", async () => {
  await using place = await openPlace();
  const { server } = place;
  const a = await place.device("a", server.url);
  await writeFile(a.path("typed.txt"), "start\n");
  await a.wait(120);
  const fileId = await idOf(server.url, await tokenOf(), "typed.txt");
  const kept: string[] = ["start"];
  let typed = 0;
  for (let round = 0; round < rounds; round += 1) {
    let writer = await join();
    assertEach(writer.text(), kept);
    const typesOn = async (): Promise<boolean> => {
      // A slow server may lose its lease, and sends everybody away for a moment.
      if (!writer.isOpen()) {
        kept.push(...writer.keptLines());
        writer = await join();
      }
      writer.typeLine(`line ${typed}`);
      typed += 1;
      return writer.keptLines().length >= keptBeforeKill;
    };
    await eventually(typesOn, { timeoutMs: TIMEOUT_MS, intervalMs: typeEveryMs, what: "what was typed to be kept" });
    await server.kill();
    await eventually(() => !writer.isOpen(), { timeoutMs: TIMEOUT_MS, what: "the connection to end" });
    kept.push(...writer.keptLines());
    await server.restart();
  }
  // Nobody comes back to it: the server itself makes a version of what was typed.
  const isThere = async (): Promise<boolean> => {
    assertEach(await readFile(a.path("typed.txt"), "utf8"), kept);
    return true;
  };
  await eventually(isThere, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: "all that was kept to be in the folder" });
  await a.wait(120);
  const { problems } = await checkStore(serverConfig({ data: server.dataDirectory }, {}));
  assert.deepEqual(problems, []);

  async function tokenOf(): Promise<string> {
    return (await a.satchel(["token"])).trim();
  }

  async function join(): Promise<LiveWriter> {
    return place.use(await joinLive(server.url, await tokenOf(), fileId));
  }
});

/** Each line once. */
function assertEach(text: string, lines: readonly string[]): void {
  const found = text.split("\n");
  for (const line of lines) assert.equal(found.filter((each) => each === line).length, 1, `"${line}" in\n${text}`);
}

async function idOf(url: string, token: string, name: string): Promise<string> {
  const answer = await fetch(`${url}/v1/files/metadata?folder_id=root`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { entries } = (await answer.json()) as { entries: { id: string; name: string }[] };
  const found = entries.find((entry) => entry.name === name);
  assert.ok(found);
  return found.id;
}
