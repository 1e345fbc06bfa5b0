import type { FactorStore } from "../factor-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import * as passkeys from "./passkeys.ts";
import * as codes from "./recovery-codes.ts";
import * as totp from "./totp.ts";

/** What an account proves itself by besides its password; see FactorStore. */
export function factorStore(database: SqlDatabase): FactorStore {
  return {
    findTotp: (accountId) => database.read((session) => totp.findTotp(session, accountId)),
    beginTotp: (accountId, sealed) => database.transaction((session) => totp.beginTotp(session, accountId, sealed)),
    takeTotpStep: (step) => database.transaction((session) => totp.takeTotpStep(session, step)),
    removeTotp: (accountId) => database.transaction((session) => totp.removeTotp(session, accountId)),
    setRecoveryCodes: (accountId, hashes) =>
      database.transaction((session) => codes.setRecoveryCodes(session, accountId, hashes)),
    countRecoveryCodes: (accountId) => database.read((session) => codes.countRecoveryCodes(session, accountId)),
    takeRecoveryCode: (accountId, hash) =>
      database.transaction((session) => codes.takeRecoveryCode(session, accountId, hash)),
    addPasskey: (passkey) => database.transaction((session) => passkeys.addPasskey(session, passkey)),
    findPasskey: (id) => database.read((session) => passkeys.findPasskey(session, id)),
    listPasskeys: (accountId) => database.read((session) => passkeys.listPasskeys(session, accountId)),
    usePasskey: (id, use) => database.transaction((session) => passkeys.usePasskey(session, id, use)),
    removePasskey: (accountId, id) => database.transaction((session) => passkeys.removePasskey(session, accountId, id)),
  };
}
