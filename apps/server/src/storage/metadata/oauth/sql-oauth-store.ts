import type { OAuthStore } from "../oauth-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import * as clients from "./oauth-clients.ts";
import * as records from "./oauth-records.ts";

/** What the OAuth provider keeps; see OAuthStore. */
export function oauthStore(database: SqlDatabase): OAuthStore {
  return {
    put: (kind, hash, record) => database.transaction((session) => records.putRecord(session, kind, hash, record)),
    find: (kind, hash, nowMs) => database.read((session) => records.findRecord(session, kind, hash, nowMs)),
    findByUid: (kind, hash, nowMs) => database.read((session) => records.findRecordByUid(session, kind, hash, nowMs)),
    findByUserCode: (kind, hash, nowMs) =>
      database.read((session) => records.findRecordByUserCode(session, kind, hash, nowMs)),
    consume: (kind, hash, nowMs) =>
      database.transaction((session) => records.consumeRecord(session, kind, hash, nowMs)),
    destroy: (kind, hash) => database.transaction((session) => records.destroyRecord(session, kind, hash)),
    revokeGrant: (deviceId, nowMs) => database.transaction((session) => records.revokeGrant(session, deviceId, nowMs)),
    createGrantDevice: (device) => database.transaction((session) => records.createGrantDevice(session, device)),
    addClient: (client) => database.transaction((session) => clients.addClient(session, client)),
    findClient: (id) => database.read((session) => clients.findClient(session, id)),
    listClients: () => database.read((session) => clients.listClients(session)),
    removeClient: (id) => database.transaction((session) => clients.removeClient(session, id)),
  };
}
