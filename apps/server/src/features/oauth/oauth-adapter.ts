import type { DeviceId } from "@satchel/protocol";
import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Host } from "../../host.ts";
import type { FoundOAuthRecord, OAuthStore } from "../../storage/metadata/oauth-store.ts";
import { openSealed, seal } from "../identity/factors/seal.ts";
import { secretHash } from "../identity/secret-hash.ts";
import type { ServerKeys } from "../identity/server-keys.ts";
import { programMetadata } from "./oauth-clients.ts";

interface AdapterParts {
  readonly store: OAuthStore;
  readonly host: Host;
  readonly keys: Pick<ServerKeys, "oauthRecord">;
  /** A grant was revoked, and with it the device that it is. */
  readonly onRevoked: (deviceId: DeviceId) => void;
}

/** How long a record without an end of its own is kept. */
const defaultTtlSeconds = 14 * 24 * 3600;

/**
 * Where the OAuth provider keeps things: our metadata store. What somebody could use as a credential (codes, refresh tokens, cookies) is found by its hash, and stands sealed in the
 * record, so that whoever has the database alone can use none of it.
 */
export function createOAuthAdapter(parts: AdapterParts) {
  return (kind: string): Adapter => (kind === "Client" ? clientAdapter(parts) : recordAdapter(parts, kind));
}

function recordAdapter({ store, host, keys, onRevoked }: AdapterParts, kind: string): Adapter {
  // A grant's id is a device's, and no credential: it stands in other records, which have to find it.
  const hashOf = (id: string): string => (kind === "Grant" ? id : secretHash(id));

  async function opened(finding: Promise<FoundOAuthRecord | undefined>): Promise<AdapterPayload | undefined> {
    const found = await finding;
    if (!found) return undefined;
    const text = openSealed(keys.oauthRecord, `${kind} ${found.idHash}`, found.payload);
    const consumed = found.consumedAtMs === null ? {} : { consumed: Math.floor(found.consumedAtMs / 1000) };
    return { ...(JSON.parse(text) as AdapterPayload), ...consumed };
  }

  return {
    async upsert(id, payload, expiresIn) {
      const { jti, uid, userCode } = payload;
      await store.put(kind, hashOf(id), {
        payload: seal(keys.oauthRecord, `${kind} ${hashOf(id)}`, JSON.stringify(payload)),
        accountId: payload.accountId ?? null,
        grantId: kind === "Grant" ? (jti ?? null) : (payload.grantId ?? null),
        uidHash: uid === undefined ? null : secretHash(uid),
        userCodeHash: userCode === undefined ? null : secretHash(userCode),
        expiresAtMs: host.nowMs() + (expiresIn || defaultTtlSeconds) * 1000,
      });
    },
    find: (id) => opened(store.find(kind, hashOf(id), host.nowMs())),
    findByUid: (uid) => opened(store.findByUid(kind, secretHash(uid), host.nowMs())),
    findByUserCode: (userCode) => opened(store.findByUserCode(kind, secretHash(userCode), host.nowMs())),
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
      return client && programMetadata(client);
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    upsert: readOnly,
    consume: readOnly,
    destroy: readOnly,
    revokeByGrantId: readOnly,
  };
}
