import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditRecord, NewShareLink } from "@satchel/protocol";
import { linkUseMs } from "../../../features/links/audited-visits.ts";
import { startTestServer } from "../../test-server.fixture.ts";

test("[SE10] what is taken by a link is recorded, once for what one network takes at a time, and every file that is brought", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const [first, second] = [await ann.putFile("film.mp4", "a film"), await ann.putFile("notes.txt", "notes")];
  const pathOf = async (id: string): Promise<string> =>
    new URL((await ann.post<NewShareLink>("/v1/links", { entry_id: id })).body.url).pathname;
  const paths = [`${await pathOf(first.id)}/${first.id}`, `${await pathOf(second.id)}/${second.id}`];
  const take = async (path = "", range?: string): Promise<number> => {
    const response = await fetch(server.url + path, { headers: range === undefined ? {} : { range } });
    await response.arrayBuffer();
    return response.status;
  };
  const used = async (): Promise<AuditRecord[]> => {
    const all = { accountId: ann.login.account_id, action: "link_used", cursor: undefined, limit: undefined } as const;
    return (await server.core.audit.list(all)).records;
  };
  assert.deepEqual(
    [await take(paths[0], "bytes=2-"), await take(paths[0], "bytes=0-1"), await take(paths[1])],
    [206, 206, 200],
  );
  assert.equal(await take(`${paths.join("")}x`), 404);
  assert.deepEqual(
    (await used()).map(({ detail, actor, address }) => [detail["entry"], actor, address]),
    [
      [second.id, null, "127.0.0.1"],
      [first.id, null, "127.0.0.1"],
    ],
  );
  const inbox = ann.newId();
  await ann.commit([{ op: "create_folder", id: inbox, parent_id: ann.root, name: "inbox" }]);
  const { body: upload } = await ann.post<NewShareLink>("/v1/links", { entry_id: inbox, kind: "upload" });
  server.moveClock(linkUseMs + 1);
  assert.equal(await take(paths[0]), 200);
  assert.equal((await used()).length, 3);
  const headers = { origin: server.url, "content-type": "application/octet-stream" };
  const address = `${server.url}${new URL(upload.url).pathname}/upload?name=brought.txt`;
  assert.equal((await fetch(address, { method: "PUT", headers, body: "by a guest" })).status, 200);
  const [latest] = await used();
  assert.deepEqual(
    [latest?.detail["change"], latest?.detail["link"], latest?.actor],
    ["uploaded", upload.link_id, null],
  );
});
