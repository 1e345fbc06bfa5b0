import type { SignInStore } from "../sign-in-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { createAppPassword, findAppPassword } from "./app-passwords.ts";
import * as sessions from "./browser-sessions.ts";
import * as links from "./linked-identities.ts";
import * as secrets from "./one-time-secrets.ts";

/** What sign-in keeps between requests; see SignInStore. */
export function signInStore(database: SqlDatabase): SignInStore {
  return {
    putSecret: (hash, secret) => database.transaction((session) => secrets.putSecret(session, hash, secret)),
    replaceSecrets: (hash, secret) =>
      database.transaction(async (session) => {
        const { accountId, purpose } = secret;
        if (accountId !== null) await secrets.dropSecrets(session, accountId, purpose);
        await secrets.putSecret(session, hash, secret);
      }),
    findSecret: (query) => database.read((session) => secrets.findSecret(session, query)),
    takeSecret: (query) => database.transaction((session) => secrets.takeSecret(session, query)),
    listSecrets: (query) => database.read((session) => secrets.listSecrets(session, query)),
    createSession: (browser) => database.transaction((session) => sessions.createSession(session, browser)),
    findSession: (hash, nowMs) => database.read((session) => sessions.findSession(session, hash, nowMs)),
    touchSession: (hash, change) => database.transaction((session) => sessions.touchSession(session, hash, change)),
    listSessions: (accountId, nowMs) => database.read((session) => sessions.listSessions(session, accountId, nowMs)),
    endSession: (accountId, hash) => database.transaction((session) => sessions.endSession(session, accountId, hash)),
    findLinked: (issuer, subject) => database.read((session) => links.findLinked(session, issuer, subject)),
    listLinked: (accountId) => database.read((session) => links.listLinked(session, accountId)),
    link: (identity) => database.transaction((session) => links.link(session, identity)),
    unlink: (accountId, issuer, subject) =>
      database.transaction((session) => links.unlink(session, { accountId, issuer, subject })),
    createAppPassword: (password) => database.transaction((session) => createAppPassword(session, password)),
    findAppPassword: (hash) => database.read((session) => findAppPassword(session, hash)),
  };
}
