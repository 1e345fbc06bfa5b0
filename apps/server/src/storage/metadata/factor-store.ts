import type { AccountId } from "@satchel/protocol";

/** An authenticator app's shared secret. It counts as a factor once a first code has shown that the app has it. */
export interface TotpFactor {
  readonly sealedSecret: string;
  readonly confirmedAtMs: number | null;
  /** The last time step whose code was used; its code and earlier ones are refused. */
  readonly lastStep: number;
}

/** A WebAuthn credential. */
export interface Passkey {
  /** In base64url. */
  readonly credentialId: string;
  readonly accountId: AccountId;
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | null;
}

/** What an account proves itself by, besides its password. */
export interface FactorStore {
  findTotp(accountId: AccountId): Promise<TotpFactor | undefined>;
  /** Replaces one that was not confirmed. @throws account_exists when there is a confirmed one */
  beginTotp(accountId: AccountId, sealedSecret: string): Promise<void>;
  /** Takes a time step, if it is later than the last one taken; with `confirmAtMs`, the factor counts from now on. Answers whether it was taken. */
  takeTotpStep(step: { accountId: AccountId; step: number; confirmAtMs: number | null }): Promise<boolean>;
  removeTotp(accountId: AccountId): Promise<void>;

  /** In place of those that there were. */
  setRecoveryCodes(accountId: AccountId, codeHashes: readonly string[]): Promise<void>;
  countRecoveryCodes(accountId: AccountId): Promise<number>;
  /** Uses one up; answers whether it was one. */
  takeRecoveryCode(accountId: AccountId, codeHash: string): Promise<boolean>;

  addPasskey(passkey: Passkey): Promise<void>;
  findPasskey(credentialId: string): Promise<Passkey | undefined>;
  listPasskeys(accountId: AccountId): Promise<Passkey[]>;
  usePasskey(credentialId: string, use: { counter: number; nowMs: number }): Promise<void>;
  /** @throws not_found */
  removePasskey(accountId: AccountId, credentialId: string): Promise<void>;
}
