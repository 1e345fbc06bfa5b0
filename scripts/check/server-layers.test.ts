import assert from "node:assert/strict";
import { test } from "node:test";
import { serverLayerProblem } from "./server-layers.ts";

const problem = (from: string, to: string): string | undefined =>
  serverLayerProblem(`apps/server/src/${from}`, `apps/server/src/${to}`);

test("[RP6] in the server, calls go from http to features to the interfaces of storage", () => {
  assert.equal(problem("http/routes.ts", "features/files/commit.ts"), undefined);
  assert.equal(problem("features/files/commit.ts", "storage/metadata/metadata-store.ts"), undefined);
  assert.equal(problem("features/files/commit.ts", "features/identity/principal.ts"), undefined);
  assert.equal(problem("http/routes.ts", "config/config.ts"), undefined);
  assert.equal(problem("http/answers.ts", "storage/chunks/chunk-store-errors.ts"), undefined);
});

test("[RP6] in the server, no call goes back or skips the features", () => {
  assert.match(problem("features/files/commit.ts", "http/routes.ts") ?? "", /must not know http/);
  assert.match(problem("storage/chunks/disk/packs.ts", "features/files/commit.ts") ?? "", /must not know features/);
  assert.match(problem("http/routes.ts", "storage/metadata/metadata-store.ts") ?? "", /http calls features/);
});

test("[RP6] compose.ts alone picks implementations, and nobody fetches from it", () => {
  assert.equal(problem("compose.ts", "storage/chunks/disk/disk-chunk-store.ts"), undefined);
  assert.match(
    problem("features/files/commit.ts", "storage/chunks/disk/disk-chunk-store.ts") ?? "",
    /picks implementations/,
  );
  assert.match(
    problem("features/files/commit.ts", "storage/chunks/memory-chunk-store.ts") ?? "",
    /picks implementations/,
  );
  assert.equal(problem("start/start-server.ts", "compose.ts"), undefined);
  assert.match(
    problem("start/start-server.ts", "storage/chunks/disk/disk-chunk-store.ts") ?? "",
    /picks implementations/,
  );
  assert.match(problem("http/routes.ts", "compose.ts") ?? "", /never fetch it/);
  assert.match(problem("http/routes.ts", "start/server-core.ts") ?? "", /who starts it/);
});

test("[RP6] the entry of the server hands out implementations, and nobody inside takes one from it", () => {
  assert.equal(problem("index.ts", "storage/chunks/memory-chunk-store.ts"), undefined);
  assert.match(problem("http/routes.ts", "index.ts") ?? "", /the file that defines/);
});

test("[RP6] tests of the server, and the other packages, are free of its layers", () => {
  assert.equal(problem("features/files/commit.test.ts", "storage/chunks/memory-chunk-store.ts"), undefined);
  assert.equal(serverLayerProblem("apps/cli/src/http/a.ts", "apps/cli/src/storage/b.ts"), undefined);
});
