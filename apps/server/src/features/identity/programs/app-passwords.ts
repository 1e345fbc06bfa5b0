import { encodeIdPart, idPartBytes, ProblemError, type AccountId, type DeviceId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { Cache } from "../../../storage/cache/cache.ts";
import type { SignInStore } from "../../../storage/metadata/sign-in-store.ts";
import type { Audit } from "../../audit/audit.ts";
import { completeScopes, type GrantableScope } from "../../oauth/oauth-scopes.ts";
import { secretHash } from "../secret-hash.ts";

/** Two id parts: 160 random bits, so that a plain hash is enough to keep. */
const secretParts = 2;
const maxNameLength = 100;

interface AppPasswordsParts {
  readonly store: SignInStore;
  readonly host: Host;
  readonly audit: Audit;
  /** Which secret is whose is never changed, so a found one may be remembered. */
  readonly cache: Cache<{ deviceId: DeviceId } | undefined>;
}

export type AppPasswords = ReturnType<typeof createAppPasswords>;

/** Passwords for programs that know nothing else. Each is a device: listed, named, limited, and revoked as every device. */
export function createAppPasswords({ store, host, audit, cache }: AppPasswordsParts) {
  return {
    /** Answers the password, which is shown once. @throws bad_request */
    async create(
      accountId: AccountId,
      { name, scopes }: { name: string; scopes: readonly GrantableScope[] },
    ): Promise<{ deviceId: DeviceId; password: string }> {
      const plainName = name.trim();
      if (plainName.length === 0 || plainName.length > maxNameLength)
        throw new ProblemError("bad_request", `name: 1 to ${maxNameLength} characters`);
      if (scopes.length === 0) throw new ProblemError("bad_request", "scopes: choose at least one");
      const secret = Array.from({ length: secretParts }, () => encodeIdPart(host.randomBytes(idPartBytes))).join("");
      const deviceId = encodeIdPart(host.randomBytes(idPartBytes)) as DeviceId;
      await store.createAppPassword({
        secretHash: secretHash(secret),
        device: {
          id: deviceId,
          accountId,
          kind: "app_password",
          name: plainName,
          clientId: null,
          scopes: completeScopes(scopes).join(" "),
          expiresAtMs: null,
          createdAtMs: host.nowMs(),
          lastSeenAtMs: null,
          revokedAtMs: null,
        },
      });
      await audit.record({ action: "app_password_changed", accountId, detail: { change: "made", name: plainName } });
      return { deviceId, password: secret.replaceAll(/(.{4})(?=.)/g, "$1-") };
    },
    /** The device that a password is. @throws unauthenticated */
    async find(password: string): Promise<DeviceId> {
      const plain = password.toLowerCase().replaceAll(/[^a-z2-7]/g, "");
      if (plain.length !== secretParts * 16) throw wrong();
      const hash = secretHash(plain);
      const found = await cache.getOrFill(hash, () => store.findAppPassword(hash));
      if (!found) throw wrong();
      return found.deviceId;
    },
  };
}

function wrong(): ProblemError {
  return new ProblemError("unauthenticated", "the app password is wrong");
}
