import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { goesWithout, startOpenBao, temporaryDirectory } from "@satchel/testkit";
import { runningSatchel, satchel } from "./run-satchel.fixture.ts";

test("[SE52] [SE55] the master key is turned beside a running server, and the data directory need not hold any key", async () => {
  await using directory = await temporaryDirectory("admin-key");
  const home = directory.join("h");
  const data = ["--data", directory.join("data")];
  const admin = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await satchel(["admin", ...args, ...data], { home, input: "correct horse" });
    assert.equal(code, 0, err);
    return out;
  };
  process.env["SATCHEL_KEYS"] = directory.join("keys");
  try {
    await admin("user", "add", "ada", "--email", "ada@example.org", "--password-stdin");
    const serve = () => runningSatchel(["serve", ...data, "--listen", "127.0.0.1:0"], { home });
    await writeFile(directory.join("file"), "kept through all changes of keys");
    {
      await using server = serve();
      const [, url = ""] = await server.line(/^Satchel is ready at (\S+)$/);
      const login = ["login", url, "--user", "ada", "--password-stdin"];
      assert.equal((await satchel(login, { home, input: "correct horse" })).code, 0);
      assert.equal((await satchel(["put", directory.join("file"), "/file"], { home })).code, 0);
      assert.match(await admin("key", "status"), /kept by the key file \S+\/keys\/master\.key\.\nIt wraps 1 data key;/);
      const turned = JSON.parse(await admin("key", "rotate", "--json")) as Record<string, unknown>;
      assert.deepEqual([turned["data_keys"], turned["current_data_key"]], [2, 2]);
      assert.equal((await satchel(["get", "/file", directory.join("while")], { home })).code, 0);
    }
    assert.match(await admin("check"), /all is well/);
    assert.match(await admin("audit"), /the server's master key was changed/);
    assert.deepEqual(
      (await readdir(directory.join("data"), { recursive: true })).filter((name) => name.endsWith(".key")),
      [],
    );
    await using server = serve();
    await server.line(/^Satchel is ready/);
    assert.equal(await readFile(directory.join("while"), "utf8"), "kept through all changes of keys");
  } finally {
    delete process.env["SATCHEL_KEYS"];
  }
});

if (!goesWithout("keys")) {
  test("[SE53] [SE54] once OpenBao keeps the master key, the server starts with its permission only, and otherwise says who refused", async () => {
    await using directory = await temporaryDirectory("admin-key");
    await using bao = await startOpenBao();
    const mounted = await fetch(`${bao.address}/v1/sys/mounts/transit`, {
      method: "POST",
      headers: { "x-vault-token": bao.rootToken },
      body: JSON.stringify({ type: "transit" }),
    });
    assert.equal(mounted.status, 204);
    const home = directory.join("h");
    const data = ["--data", directory.join("data")];
    const keys = { SATCHEL_KMS: `vault:${bao.address}/transit/satchel`, VAULT_TOKEN: bao.rootToken };
    const serve = () => runningSatchel(["serve", ...data, "--listen", "127.0.0.1:0"], { home });
    {
      await using server = serve();
      await server.line(/^Satchel is ready/);
    }
    Object.assign(process.env, keys);
    try {
      const refused = await serve().ended;
      assert.match(refused.err, /still lies in .*master\.key: run `satchel admin key rotate`/);
      const rotated = await satchel(["admin", "key", "rotate", ...data], { home });
      assert.equal(rotated.code, 0, rotated.err);
      assert.match(rotated.out, /kept by Vault's key satchel at http:\/\/127\.0\.0\.1:\d+\.\nIt wraps 2 data keys;/);
      assert.ok(
        !(await readdir(directory.join("data"), { recursive: true })).some((name) => name.endsWith("master.key")),
      );
      {
        await using server = serve();
        await server.line(/^Satchel is ready/);
      }
      process.env["VAULT_TOKEN"] = "s.stolen-disk";
      const { code, err } = await serve().ended;
      assert.notEqual(code, 0);
      assert.match(err, /Vault's key satchel at http:\/\/127\.0\.0\.1:\d+ answered 403/);
      assert.ok(!err.includes("s.stolen-disk"), "no secret is told");
    } finally {
      for (const name of Object.keys(keys)) delete process.env[name];
    }
  });
}
