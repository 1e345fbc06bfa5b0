import assert from "node:assert/strict";
import { test } from "node:test";
import { identityConfig } from "./identity-config.ts";

const publicUrl = "https://satchel.example.org";
const smtp = { SATCHEL_SMTP: "smtp://mail.example.org", SATCHEL_MAIL_FROM: "satchel@example.org" };
const oidc = {
  SATCHEL_OIDC_ISSUER: "https://id.example.org/realms/home",
  SATCHEL_OIDC_CLIENT_ID: "satchel",
  SATCHEL_OIDC_CLIENT_SECRET: "secret",
};

test("[ID41] without settings, accounts are by invitation, mail goes to the log, and there is no other provider", () => {
  assert.deepEqual(identityConfig({}, undefined), { signUp: "invitation", smtp: undefined, outside: undefined });
});

test("[ID41] settings are read", () => {
  const config = identityConfig({ SATCHEL_SIGN_UP: "open", ...smtp, ...oidc, SATCHEL_OIDC_NAME: "Home" }, publicUrl);
  assert.equal(config.signUp, "open");
  assert.deepEqual(config.smtp, { url: "smtp://mail.example.org", from: "satchel@example.org" });
  assert.equal(config.outside?.name, "Home");
  assert.equal(identityConfig(oidc, undefined).outside?.name, "id.example.org");
});

test("[ID41] a setting that can't be right is refused by name, above all mail without a known address for its links", () => {
  const wrong: [Record<string, string>, RegExp, string?][] = [
    [{ SATCHEL_SIGN_UP: "everybody" }, /SATCHEL_SIGN_UP/, publicUrl],
    [smtp, /--public-url/],
    [{ SATCHEL_SMTP: "mail.example.org" }, /SATCHEL_SMTP/, publicUrl],
    [{ SATCHEL_SMTP: smtp.SATCHEL_SMTP }, /SATCHEL_MAIL_FROM/, publicUrl],
    [{ ...oidc, SATCHEL_OIDC_ISSUER: "http://id.example.org" }, /SATCHEL_OIDC_ISSUER/, publicUrl],
    [{ ...oidc, SATCHEL_OIDC_CLIENT_SECRET: "" }, /SATCHEL_OIDC_CLIENT_SECRET/, publicUrl],
  ];
  for (const [env, message, url] of wrong)
    assert.throws(() => identityConfig(env, url), { name: "ServerConfigError", message });
});
