import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer, type TestServer } from "../../http/test-server.fixture.ts";
import { ProgramError, type ProgramFailure } from "../sandbox/program-error.ts";
import type { drawPreviews } from "./draw-previews.ts";
import { canPreview, previewSourceOf } from "./preview-source.ts";
import { createPreviews } from "./previews.ts";

/** Pictures of a server's files, drawn by the test. */
function previewsOf({ core, metadata }: TestServer, draw: typeof drawPreviews) {
  const { authorisation, content, transfer, stores } = core;
  const { tree, previews } = metadata;
  return createPreviews({ authorisation, content, tree, transfer, previews, chunks: stores.chunks, draw });
}

test("[WK32] where no program can be run on files there are no pictures, which is no failure and isn't remembered; what took too long may be asked for again", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id } = await ann.putFile("photo.jpg", "drawn by nobody");
  let failure: ProgramFailure = "missing";
  const previews = previewsOf(server, async () => {
    throw new ProgramError(failure, "no picture");
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
  const drawn: string[] = [];
  const previews = previewsOf(server, async (_source, content) => {
    drawn.push(Buffer.concat(await Array.fromAsync(content)).toString());
    return new Map();
  });
  for (const text of ["export {}", "Goes as a film", "time" + "Go"]) {
    const { id } = await ann.putFile(`${drawn.length} ${text.length}.mts`, text);
    await previews.prepare(id, new AbortController().signal);
  }
  const isInstalled = canPreview(previewSourceOf("film.mts") ?? assert.fail("it is a film's ending"));
  assert.deepEqual(drawn, isInstalled ? ["Goes as a film", "timeGo"] : []);
});
