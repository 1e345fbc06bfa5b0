import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { addUser, readAudit, setUserPassword } from "./admin.ts";
import { removeUserFactors } from "./identity.ts";
import { listMail } from "./mail.ts";
import { serverConfig } from "../config/config.ts";

test("[ID68] what an administrator's command does to how somebody signs in, their address is told, and their audit log", async () => {
  await using directory = await temporaryDirectory("told");
  const environment = {
    SATCHEL_SMTP: "smtp://127.0.0.1:9",
    SATCHEL_MAIL_FROM: "satchel@example.org",
    SATCHEL_PUBLIC_URL: "https://files.example.org",
  };
  const config = serverConfig({ data: directory.join("data") }, environment);
  const user = { name: "ann", email: "ann@example.org", password: "a good long password" };
  await addUser(config, { ...user, isAdmin: false, quotaBytes: null });
  await removeUserFactors(config, "ann");
  await setUserPassword(config, "ann", "another long password");
  const told = await listMail(config);
  assert.deepEqual(told.map(({ to, subject }) => `${to}: ${subject}`).toSorted(), [
    "ann@example.org: How your Satchel account is signed in to has changed",
    "ann@example.org: Your Satchel password was changed",
  ]);
  const actions: string[] = [];
  for await (const page of readAudit(config, "ann")) actions.push(...page.map(({ action }) => action));
  assert.deepEqual(actions.toSorted(), ["account_created", "factor_changed", "password_changed"]);
});
