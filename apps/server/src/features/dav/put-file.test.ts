import assert from "node:assert/strict";
import { test } from "node:test";
import { call, startTestServer } from "../../http/test-server.fixture.ts";
import { findPlace } from "./dav-place.ts";
import { putFile } from "./put-file.ts";

test("[WD8] a file whose login is revoked while it comes isn't taken", async (t) => {
  const { core, url, signUp, signIn } = await startTestServer(t);
  const ann = await signUp("ann");
  const thief = await signIn("ann");
  const principal = await core.authenticator.authenticate(thief.authorization.authorization);
  const caller = core.authorisation.requireRight(principal, "files.write");
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("what was ");
    const answer = await call(`${url}/v1/devices/${thief.login.device_id}`, "DELETE", { headers: ann.authorization });
    assert.equal(answer.status, 200);
    yield Buffer.from("stolen");
  }
  const put = async () =>
    putFile(core.dav, caller, {
      place: await findPlace(core.dav, caller, ["a.txt"]),
      content: {
        pieces: pieces(),
        sizeBytes: 15,
        modified: undefined,
        isConditional: false,
        requireStill: async () => {},
      },
    });
  await assert.rejects(put(), { code: "login_revoked" });
  assert.equal((await findPlace(core.dav, caller, ["a.txt"])).found, undefined);
});
