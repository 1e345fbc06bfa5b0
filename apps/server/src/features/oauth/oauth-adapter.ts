import type { DeviceId } from "@satchel/protocol";
import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Host } from "../../host.ts";
import type { FoundOAuthRecord, OAuthStore } from "../../storage/metadata/oauth-store.ts";
import { secretHash } from "../identity/secret-hash.ts";
import { programMetadata } from "./oauth-clients.ts";

interface AdapterParts {
  readonly store: OAuthStore;
  readonly host: Host;
  /** A grant was revoked, and with it the device that it is. */
  readonly onRevoked: (deviceId: DeviceId) => void;
}

/** How long a record without an end of its own is kept. */
const defaultTtlSeconds = 14 * 24 * 3600;

/**
 * Where the OAuth provider keeps things: our metadata store. What somebody could use as a credential (codes, refresh tokens, cookies) is kept as its hash only: it is taken out
 * of the payload, and put back when whoever has it comes with it.
 */
export function createOAuthAdapter(parts: AdapterParts) {
  return (kind: string): Adapter => (kind === "Client" ? clientAdapter(parts) : recordAdapter(parts, kind));
}

function recordAdapter({ store, host, onRevoked }: AdapterParts, kind: string): Adapter {
  // A grant's id is a device's, and no credential: it stands in other records, which have to find it.
  const hashOf = (id: string): string => (kind === "Grant" ? id : secretHash(id));

  async function restored(found: Promise<FoundOAuthRecord | undefined>, credentials: Partial<AdapterPayload>) {
    const record = await found;
    if (!record) return undefined;
    const payload = JSON.parse(record.payload) as AdapterPayload;
    const consumed = record.consumedAtMs === null ? {} : { consumed: Math.floor(record.consumedAtMs / 1000) };
    return { ...payload, ...credentials, ...consumed };
  }

  return {
    async upsert(id, payload, expiresIn) {
      const { jti, uid, userCode, ...rest } = payload;
      await store.put(kind, hashOf(id), {
        payload: JSON.stringify({ ...rest, ...(kind === "Session" && { uid }) }),
        accountId: payload.accountId ?? null,
        grantId: kind === "Grant" ? (jti ?? null) : (payload.grantId ?? null),
        uidHash: uid === undefined ? null : secretHash(uid),
        userCodeHash: userCode === undefined ? null : secretHash(userCode),
        expiresAtMs: host.nowMs() + (expiresIn || defaultTtlSeconds) * 1000,
      });
    },
    find: (id) => restored(store.find(kind, hashOf(id), host.nowMs()), { jti: id }),
    findByUid: (uid) => restored(store.findByUid(kind, secretHash(uid), host.nowMs()), { uid }),
    findByUserCode: (userCode) =>
      restored(store.findByUserCode(kind, secretHash(userCode), host.nowMs()), { userCode }),
    consume: (id) => store.consume(kind, hashOf(id), host.nowMs()),
    destroy: (id) => store.destroy(kind, hashOf(id)),
    async revokeByGrantId(grantId) {
      await store.revokeGrant(grantId as DeviceId, host.nowMs());
      onRevoked(grantId as DeviceId);
    },
  };
}

/** Programs of others; our own ones are part of the provider. */
function clientAdapter({ store }: AdapterParts): Adapter {
  const readOnly = async (): Promise<void> => {
    throw new Error("clients are made known by an admin");
  };
  return {
    async find(id) {
      const client = await store.findClient(id);
      return client && (programMetadata(client) as unknown as AdapterPayload);
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    upsert: readOnly,
    consume: readOnly,
    destroy: readOnly,
    revokeByGrantId: readOnly,
  };
}
