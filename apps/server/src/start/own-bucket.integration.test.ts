import assert from "node:assert/strict";
import { test } from "node:test";
import { goesWithout, startS3, temporaryDirectory } from "@satchel/testkit";
import { backUpServer } from "../admin/backup.ts";
import { checkStore } from "../admin/check.ts";
import { openChunks, openMetadata } from "../compose.ts";
import { serverConfig } from "../config/config.ts";
import { chunkOf } from "../storage/chunks/chunk-store.contract.ts";
import { WorkspaceFixture } from "../storage/metadata/contract/workspace-fixture.ts";
import { startServer } from "./start-server.ts";

if (!goesWithout("s3")) {
  test("[CS52] a server doesn't start on another bucket than its own, nor does a check or a backup look there, unless what it had is given up", async (t) => {
    const s3 = await startS3();
    t.after(() => s3.stop());
    Object.assign(process.env, s3.environment);
    await using directory = await temporaryDirectory("bucket");
    const at = (prefix: string) =>
      serverConfig(
        {
          data: directory.join("data"),
          listen: "127.0.0.1:0",
          blobs: s3.url.replace("?", `/${prefix}?`),
        },
        { SATCHEL_LOG_LEVEL: "silent" },
      );
    const [own, another] = [at("own"), at("another")];
    const startAndStop = async (config: typeof own) => (await startServer(config)).stop();

    await startAndStop(own);
    const metadata = await openMetadata(own);
    const chunks = await openChunks(own, Promise.resolve(metadata));
    await chunks.put([chunkOf("held")]);
    const workspace = await WorkspaceFixture.create(metadata);
    await workspace.makeFile("held.txt", workspace.root, ["held"]);
    await chunks.close();
    await metadata.close();
    await startAndStop(own);

    const refused = { name: "ServerConfigError", message: /--blobs: nothing of what this server has stored/ };
    await assert.rejects(startAndStop(another), refused);
    await assert.rejects(checkStore(another), refused);
    await assert.rejects(backUpServer(another, { directory: directory.join("backup") }), refused);
    assert.deepEqual((await checkStore(own)).problems, [], "nothing was marked by looking in the other one");

    const lost = await checkStore(another, { repair: true });
    assert.deepEqual(
      lost.problems.map(({ code }) => code),
      ["chunk_missing"],
    );
    await startAndStop(another);
  });
}
