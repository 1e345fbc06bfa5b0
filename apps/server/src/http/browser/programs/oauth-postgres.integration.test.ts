import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { goesWithout, startPostgres } from "@satchel/testkit";
import * as oauth from "openid-client";
import { openPostgresMetadataStore } from "../../../storage/metadata/postgres/open-postgres-store.ts";
import { call, passwordOf, startTestServer } from "../../test-server.fixture.ts";
import { TestBrowser } from "../test-browser.fixture.ts";

const redirectUri = "http://127.0.0.1:1/callback";

if (!goesWithout("postgres"))
  test("[ID32] [ID33] on PostgreSQL, too, a standard client gets tokens by code and PKCE, exchanges them, and is caught with an old one", async (t) => {
    const postgres = await startPostgres();
    t.after(() => postgres.stop());
    const server = await startTestServer(t, {
      metadata: await openPostgresMetadataStore({ url: postgres.url, randomBytes }),
    });
    await server.signUp("ann");
    await server.metadata.oauth.addClient({
      id: "reader",
      name: "Reader",
      redirectUris: [redirectUri],
      createdAtMs: 1,
    });
    // oxlint-disable-next-line typescript/no-deprecated
    const options = { execute: [oauth.allowInsecureRequests] };
    const config = await oauth.discovery(new URL(server.url), "reader", undefined, oauth.None(), options);
    const verifier = oauth.randomPKCECodeVerifier();
    const address = oauth.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: "openid offline_access files.read",
      prompt: "consent",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    const browser = new TestBrowser(server.url);
    await browser.open(address.href);
    await browser.submit({ user: "ann", password: passwordOf("ann") });
    const { url } = await browser.submit({ answer: "allow" });
    const first = await oauth.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier });
    const second = await oauth.refreshTokenGrant(config, first.refresh_token ?? assert.fail());
    const files = async () => {
      const headers = { authorization: `Bearer ${second.access_token}` };
      return (await call(`${server.url}/v1/files/metadata?folder_id=root`, "GET", { headers })).body.code ?? "allowed";
    };
    assert.equal(await files(), "allowed");
    await assert.rejects(oauth.refreshTokenGrant(config, first.refresh_token ?? ""), { error: "invalid_grant" });
    assert.equal(await files(), "login_revoked");
  });
