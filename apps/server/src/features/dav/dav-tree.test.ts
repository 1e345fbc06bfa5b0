import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestServer } from "../../http/test-server.fixture.ts";
import { findPlace } from "./dav-place.ts";
import { makeFolder, removeEntry } from "./dav-tree.ts";

test("[WD11] what came into a folder while it was copied away is not deleted with it", async (t) => {
  const { core, signUp } = await startTestServer(t);
  const ann = await signUp("ann");
  const principal = await core.authenticator.authenticate(ann.authorization.authorization);
  const caller = core.authorisation.requireRight(principal, "files.write");
  const find = (...names: string[]) => findPlace(core.dav, caller, names);
  await makeFolder(core.dav, caller, await find("docs"));
  const seen = await core.dav.metadata.tree.head(caller.rootWorkspaceId);
  await makeFolder(core.dav, caller, await find("docs", "late"));
  await assert.rejects(removeEntry(core.dav, caller, await find("docs"), seen), { code: "changed_since" });
  assert.ok((await find("docs", "late")).found);
  await removeEntry(core.dav, caller, await find("docs"));
  assert.equal((await find("docs")).found, undefined);
});
