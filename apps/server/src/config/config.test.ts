import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultDataPath, serverConfig, type ServerOptions } from "./config.ts";
import { ServerConfigError } from "./server-config-error.ts";

test("[AP62] an option goes before its environment variable, which goes before the default", () => {
  const env = { SATCHEL_DATA: "/env", SATCHEL_LISTEN: "0.0.0.0:1", SATCHEL_PUBLIC_URL: "https://files.example.org/" };
  const byEnv = serverConfig({}, env);
  assert.deepEqual(
    [byEnv.dataPath, byEnv.listen, byEnv.publicUrl],
    ["/env", { host: "0.0.0.0", port: 1 }, "https://files.example.org"],
  );
  const byOption = serverConfig({ data: "/option", listen: "[::1]:0", database: "postgres://h/d" }, env);
  assert.deepEqual(
    [byOption.dataPath, byOption.listen, byOption.databaseUrl],
    ["/option", { host: "::1", port: 0 }, "postgres://h/d"],
  );
  const byDefault = serverConfig({}, { XDG_DATA_HOME: "/data" });
  assert.deepEqual(byDefault.listen, { host: "127.0.0.1", port: 7420 });
  assert.deepEqual([byDefault.publicUrl, byDefault.databaseUrl, byDefault.logLevel], [undefined, undefined, "info"]);
  assert.equal(byDefault.retention.keepMs, 30 * 86_400_000);
});

test("[AP62] data lies where the platform keeps it", () => {
  assert.equal(defaultDataPath("linux", { XDG_DATA_HOME: "/data" }), "/data/satchel/server");
  assert.match(defaultDataPath("linux", { XDG_DATA_HOME: "not/absolute" }), /\/\.local\/share\/satchel\/server$/);
  assert.match(defaultDataPath("darwin", {}), /Application Support/);
});

test("[AP62] what isn't available or can't be right is refused by its name", () => {
  const refusals: [ServerOptions, RegExp][] = [
    [{ cache: "memcached://h" }, /--cache takes a redis/],
    [{ bus: "kafka://h" }, /--bus takes a redis/],
    [{ blobs: "https://b" }, /--blobs: it takes s3/],
    [{ role: "api" }, /needs --database, --blobs and --bus/],
    [{ role: "api,notify,worker,king" }, /no role "king"/],
    [{ database: "mysql://h" }, /--database takes a postgres:\/\/ address/],
    [{ listen: "7420" }, /--listen takes HOST:PORT/],
    [{ listen: "host:99999" }, /--listen takes HOST:PORT/],
    [{ publicUrl: "ftp://h" }, /--public-url takes an http or https address/],
  ];
  for (const [options, message] of refusals) {
    assert.throws(
      () => serverConfig(options, {}),
      (error) => error instanceof ServerConfigError && message.test(error.message),
    );
  }
  assert.throws(
    () => serverConfig({}, { SATCHEL_RETENTION_DAYS: "-1" }),
    /SATCHEL_RETENTION_DAYS takes a number of days/,
  );
  assert.throws(() => serverConfig({}, { SATCHEL_DRAIN_SECONDS: "-1" }), /SATCHEL_DRAIN_SECONDS takes 0 to 300/);
  const replica = { SATCHEL_DATABASE_REPLICA: "postgres://r/d" };
  assert.throws(() => serverConfig({}, replica), /SATCHEL_DATABASE_REPLICA takes the postgres:\/\/ address/);
  assert.equal(serverConfig({ database: "postgres://h/d" }, replica).replicaUrl, "postgres://r/d");
  assert.throws(() => serverConfig({}, { SATCHEL_DATABASE_CONNECTIONS: "0" }), /takes 1 to 500/);
  const shared = { database: "postgres://h/d", bus: "redis://h", blobs: "s3://b" };
  assert.deepEqual([...serverConfig({ ...shared, role: "worker,api" }, {}).roles], ["api", "worker"]);
  assert.throws(() => serverConfig({}, { SATCHEL_LOG_LEVEL: "loud" }), /SATCHEL_LOG_LEVEL takes one of/);
  assert.equal(serverConfig({ role: "worker, api,notify" }, {}).databaseUrl, undefined);
});
