import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { describeSettings } from "./settings-table.ts";

test("[SE91] every setting that the sources read is in the table", () => {
  const sources = ["config.ts", "identity-config.ts", "security-config.ts", "malware-config.ts"].map((name) =>
    readFileSync(new URL(name, import.meta.url), "utf8"),
  );
  const read = new Set(sources.join("\n").match(/SATCHEL_[A-Z_]*[A-Z]/g));
  assert.deepEqual(
    describeSettings({}, {})
      .map(({ name }) => name)
      .toSorted(),
    [...read].toSorted(),
  );
});

test("[SE91] each value is told with its origin, options going before the environment, and no secret is told", () => {
  const settings = describeSettings(
    { listen: "0.0.0.0:1" },
    {
      SATCHEL_LISTEN: "127.0.0.1:2",
      SATCHEL_SMTP: "smtp://ann:hidden@mail.example.org:587",
      SATCHEL_DATABASE: "postgres://u:hidden@db/satchel?password=hidden",
      SATCHEL_OIDC_CLIENT_SECRET: "hidden",
    },
  );
  const find = (name: string) => settings.find((setting) => setting.name === name);
  assert.deepEqual(find("SATCHEL_LISTEN"), {
    name: "SATCHEL_LISTEN",
    option: "--listen",
    origin: "option",
    value: "0.0.0.0:1",
    secret: false,
  });
  assert.equal(find("SATCHEL_SMTP")?.value, "smtp://ann:***@mail.example.org:587");
  assert.deepEqual(
    [find("SATCHEL_OIDC_CLIENT_SECRET")?.value, find("SATCHEL_OIDC_CLIENT_SECRET")?.secret],
    [null, true],
  );
  assert.equal(find("SATCHEL_RETENTION_DAYS")?.origin, "default");
  assert.equal(find("SATCHEL_PUBLIC_URL")?.value, null);
  assert.equal(find("SATCHEL_TLS_CERT")?.option, "--tls-cert");
  assert.doesNotMatch(JSON.stringify(settings), /hidden/);
});
