import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer } from "../../http/test-server.fixture.ts";
import { ProgramError, type ProgramFailure } from "../sandbox/program-error.ts";
import { canPreview, previewSourceOf } from "./preview-source.ts";
import { createPreviews } from "./previews.ts";

test("[WK32] where no program can be run on files there are no pictures, which is no failure and isn't remembered; what took too long may be asked for again", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("photo.jpg", "drawn by nobody");
  const { core, metadata } = server;
  let failure: ProgramFailure = "missing";
  const previews = createPreviews({
    authorisation: core.authorisation,
    content: core.content,
    tree: metadata.tree,
    transfer: core.transfer,
    previews: metadata.previews,
    chunks: core.stores.chunks,
    draw: async () => {
      throw new ProgramError(failure, "no picture");
    },
  });
  const { account_id: accountId, workspace_id: rootWorkspaceId, device_id: deviceId } = ann.login;
  const who = { accountId, deviceId, rootWorkspaceId, userName: "ann", email: "ann@example.org" };
  const caller = { ...who, isAdmin: false, scopes: null, right: "files.read" } as const;
  const open = () => previews.open(caller, { id, versionId: undefined, size: 256 });
  const prepare = () => previews.prepare(id, new AbortController().signal);
  assert.equal(await (await open()).read(), undefined);
  await prepare();
  failure = "too_long";
  await assert.rejects((await open()).read(), { code: "unavailable" });
  await assert.rejects(prepare(), ProgramError);
  failure = "refused";
  assert.equal(await (await open()).read(), undefined);
});

test("[WK32] a module of TypeScript has the ending of a film, and no program is started for it", async (t) => {
  assert.equal(previewSourceOf("zod.d.mts"), undefined);
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { core, metadata } = server;
  const drawn: string[] = [];
  const previews = createPreviews({
    authorisation: core.authorisation,
    content: core.content,
    tree: metadata.tree,
    transfer: core.transfer,
    previews: metadata.previews,
    chunks: core.stores.chunks,
    draw: async (_source, content) => {
      drawn.push(Buffer.concat(await Array.fromAsync(content)).toString());
      return new Map();
    },
  });
  for (const text of ["export {}", "Goes as a film", "time" + "Go"]) {
    const { id } = await ann.putFile(`${drawn.length} ${text.length}.mts`, text);
    await previews.prepare(id, new AbortController().signal);
  }
  const isInstalled = canPreview(previewSourceOf("film.mts") ?? assert.fail("it is a film's ending"));
  assert.deepEqual(drawn, isInstalled ? ["Goes as a film", "timeGo"] : []);
});
