import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewShareLink } from "@satchel/protocol";
import { contentOf, startTestServer } from "../../test-server.fixture.ts";

test("[SH20] a link shows small pictures of what may be looked at, and of nothing else", async (t) => {
  const server = await startTestServer(t);
  const owner = await server.signUp("ann");
  const album = owner.newId();
  await owner.commit([{ op: "create_folder", id: album, parent_id: owner.root, name: "album" }]);
  const link = async (wish: object) =>
    new URL((await owner.post<NewShareLink>("/v1/links", { entry_id: album, ...wish })).body.url).pathname;
  const put = async (name: string, bytes: Buffer) => {
    const id = owner.newId();
    await owner.commit([{ op: "create_file", id, parent_id: album, name, content: contentOf([bytes]) }], [bytes]);
    return id;
  };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="90" height="60"/></svg>`;
  const [drawing, broken, page, text] = [
    await put("a.svg", Buffer.from(svg)),
    await put("b.tif", Buffer.from("no picture")),
    await put("c.pdf", Buffer.from("%PDF")),
    await put("d.txt", Buffer.from("text")),
  ];
  const visit = async (at: string, options: RequestInit = {}) => {
    const answer = await fetch(server.url + at, { redirect: "manual", ...options });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const statusOf = async (path: string) => (await visit(path)).status;
  const path = await link({ kind: "view" });
  const listed = (await visit(path)).text;
  assert.match(listed, new RegExp(`<img src="${path}/picture/${drawing}"`));
  assert.doesNotMatch(listed, new RegExp(`picture/(${page}|${text})`));
  const picture = await visit(`${path}/picture/${drawing}`);
  assert.deepEqual([picture.status, picture.headers.get("content-type")], [200, "image/webp"]);
  const etag = picture.headers.get("etag") ?? "";
  const again = await visit(`${path}/picture/${drawing}`, { headers: { "if-none-match": etag } });
  assert.equal(again.status, 304);
  for (const id of [broken, page, text, album]) assert.equal(await statusOf(`${path}/picture/${id}`), 404, id);
  assert.match((await visit(`${path}/view/${broken}`)).text, /could not draw a picture/);
  const counted = await link({ max_downloads: 5 });
  assert.equal(await statusOf(`${counted}/picture/${drawing}`), 404);
  const locked = await link({ password: "open sesame" });
  assert.equal(await statusOf(`${locked}/picture/${drawing}`), 403);
});
