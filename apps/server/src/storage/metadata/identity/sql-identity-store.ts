import type { IdentityStore } from "../identity-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import * as accounts from "./accounts.ts";
import * as devices from "./devices.ts";
import { createJoinCode, redeemJoinCode } from "./join-codes.ts";
import { rotateRefreshToken } from "./refresh-tokens.ts";

/** Accounts, devices and their tokens; see IdentityStore. */
export function identityStore(database: SqlDatabase): IdentityStore {
  return {
    createAccount: (account) => database.transaction((session) => accounts.createAccount(session, account)),
    findAccountByName: (name) => database.read((session) => accounts.findAccountByName(session, name)),
    findAccountByEmail: (email) => database.read((session) => accounts.findAccountByEmail(session, email)),
    isNameTaken: (name) => database.read((session) => accounts.isNameTaken(session, name)),
    findAccount: (id) => database.read((session) => accounts.findAccount(session, id)),
    listAccounts: (query) => database.read((session) => accounts.listAccounts(session, query)),
    listAdministrators: () => database.read(accounts.listAdministrators),
    setAccountDisabled: (id, disabled, nowMs) =>
      database.transaction((session) => accounts.setAccountDisabled(session, id, { disabled, nowMs })),
    setPassword: (id, passwordHash, options) =>
      database.transaction((session) => accounts.setPassword(session, id, { passwordHash, ...options })),
    setEmail: (id, email, options) =>
      database.transaction((session) => accounts.setEmail(session, id, { email, ...options })),
    endLogins: (id, options) => database.transaction((session) => accounts.endLogins(session, id, options)),
    createDevice: (device, token) => database.transaction((session) => devices.createDevice(session, device, token)),
    adoptDevice: (accountId, token) =>
      database.transaction((session) => devices.adoptDevice(session, accountId, token)),
    findDevice: (id) => database.read((session) => devices.findDevice(session, id)),
    listDevices: (accountId) => database.read((session) => devices.listDevices(session, accountId)),
    revokeDevice: (accountId, id, nowMs) =>
      database.transaction((session) => devices.revokeDevice(session, { accountId, id, nowMs })),
    touchDevice: (id, nowMs) => database.transaction((session) => devices.touchDevice(session, id, nowMs)),
    rotateRefreshToken: (request) => database.transaction((session) => rotateRefreshToken(session, request)),
    createJoinCode: (code) => database.transaction((session) => createJoinCode(session, code)),
    redeemJoinCode: (secretHash, nowMs) =>
      database.transaction((session) => redeemJoinCode(session, secretHash, nowMs)),
  };
}
