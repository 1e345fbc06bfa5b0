import type { ColumnTypes } from "./column-types.ts";

/**
 * Sign-in: who an account is beside its name, by what it proves itself, which browsers and programs act for it, and what the OAuth provider keeps. Secrets stand here as hashes, or sealed
 * by a key that the database doesn't have. `accounts.password_hash` is empty for an account that has no password.
 */
export function identitySchema(types: ColumnTypes): string[] {
  return [...accountColumns(types), ...signInTables(types), ...factorTables(types), ...oauthTables(types)];
}

/**
 * `email_key` is set for an address that is the account's beyond doubt (confirmed, or written by an admin), in lower case; `name_skeleton` is the same for names that look alike.
 * Accounts of before that look alike keep their names: all but one get a skeleton that no new name can have.
 */
function accountColumns({ text, int }: ColumnTypes): string[] {
  const lookAlikes = [
    ["0", "o"],
    ["1", "l"],
    ["i", "l"],
    ["m", "rn"],
    ["w", "vv"],
  ] as const;
  const skeleton = lookAlikes.reduce<string>((sql, [from, to]) => `REPLACE(${sql}, '${from}', '${to}')`, "name_key");
  return [
    `ALTER TABLE accounts ADD COLUMN email_key ${text}`,
    `ALTER TABLE accounts ADD COLUMN name_skeleton ${text}`,
    `UPDATE accounts SET email_key = LOWER(email) WHERE NOT EXISTS
       (SELECT 1 FROM accounts other WHERE LOWER(other.email) = LOWER(accounts.email) AND other.account_id <> accounts.account_id)`,
    `UPDATE accounts SET name_skeleton = ${skeleton}`,
    `UPDATE accounts SET name_skeleton = '=' || name_key WHERE EXISTS
       (SELECT 1 FROM accounts other WHERE other.name_skeleton = accounts.name_skeleton AND other.account_id < accounts.account_id)`,
    `CREATE UNIQUE INDEX accounts_by_email ON accounts (email_key)`,
    `CREATE UNIQUE INDEX accounts_by_skeleton ON accounts (name_skeleton)`,
    `ALTER TABLE devices ADD COLUMN kind ${text} NOT NULL DEFAULT 'device'`,
    `ALTER TABLE devices ADD COLUMN client_id ${text}`,
    `ALTER TABLE devices ADD COLUMN scopes ${text}`,
    `ALTER TABLE devices ADD COLUMN expires_at_ms ${int}`,
  ];
}

function signInTables({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE one_time_secrets (
      secret_hash ${text} NOT NULL PRIMARY KEY,
      purpose ${text} NOT NULL,
      account_id ${text} REFERENCES accounts (account_id),
      payload ${text} NOT NULL,
      expires_at_ms ${int} NOT NULL
    )`,
    `CREATE INDEX one_time_secrets_by_expiry ON one_time_secrets (expires_at_ms)`,
    `CREATE INDEX one_time_secrets_of_account ON one_time_secrets (account_id, purpose)`,
    `CREATE TABLE browser_sessions (
      session_hash ${text} NOT NULL PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES accounts (account_id),
      browser ${text} NOT NULL,
      methods ${text} NOT NULL,
      created_at_ms ${int} NOT NULL,
      authenticated_at_ms ${int} NOT NULL,
      last_seen_at_ms ${int} NOT NULL,
      expires_at_ms ${int} NOT NULL
    )`,
    `CREATE INDEX browser_sessions_of_account ON browser_sessions (account_id)`,
    `CREATE INDEX browser_sessions_by_expiry ON browser_sessions (expires_at_ms)`,
    `CREATE TABLE linked_identities (
      issuer ${text} NOT NULL,
      subject ${text} NOT NULL,
      account_id ${text} NOT NULL REFERENCES accounts (account_id),
      label ${text} NOT NULL,
      linked_at_ms ${int} NOT NULL,
      PRIMARY KEY (issuer, subject)
    )`,
    `CREATE INDEX linked_identities_of_account ON linked_identities (account_id)`,
    `CREATE TABLE app_passwords (
      secret_hash ${text} NOT NULL PRIMARY KEY,
      device_id ${text} NOT NULL REFERENCES devices (device_id)
    )`,
  ];
}

function factorTables({ text, int, bytes }: ColumnTypes): string[] {
  return [
    `CREATE TABLE totp_factors (
      account_id ${text} NOT NULL PRIMARY KEY REFERENCES accounts (account_id),
      sealed_secret ${text} NOT NULL,
      confirmed_at_ms ${int},
      last_step ${int} NOT NULL
    )`,
    `CREATE TABLE recovery_codes (
      account_id ${text} NOT NULL REFERENCES accounts (account_id),
      code_hash ${text} NOT NULL,
      PRIMARY KEY (account_id, code_hash)
    )`,
    `CREATE TABLE passkeys (
      credential_id ${text} NOT NULL PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES accounts (account_id),
      name ${text} NOT NULL,
      public_key ${bytes} NOT NULL,
      counter ${int} NOT NULL,
      transports ${text} NOT NULL,
      created_at_ms ${int} NOT NULL,
      last_used_at_ms ${int}
    )`,
    `CREATE INDEX passkeys_of_account ON passkeys (account_id)`,
  ];
}

function oauthTables({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE oauth_clients (
      client_id ${text} NOT NULL PRIMARY KEY,
      name ${text} NOT NULL,
      redirect_uris ${text} NOT NULL,
      created_at_ms ${int} NOT NULL
    )`,
    `CREATE TABLE oauth_records (
      kind ${text} NOT NULL,
      id_hash ${text} NOT NULL,
      payload ${text} NOT NULL,
      account_id ${text},
      grant_id ${text},
      uid_hash ${text},
      user_code_hash ${text},
      consumed_at_ms ${int},
      expires_at_ms ${int} NOT NULL,
      PRIMARY KEY (kind, id_hash)
    )`,
    `CREATE INDEX oauth_records_of_grant ON oauth_records (grant_id) WHERE grant_id IS NOT NULL`,
    `CREATE INDEX oauth_records_of_account ON oauth_records (account_id) WHERE account_id IS NOT NULL`,
    `CREATE INDEX oauth_records_by_uid ON oauth_records (uid_hash) WHERE uid_hash IS NOT NULL`,
    `CREATE INDEX oauth_records_by_user_code ON oauth_records (user_code_hash) WHERE user_code_hash IS NOT NULL`,
    `CREATE INDEX oauth_records_by_expiry ON oauth_records (expires_at_ms)`,
  ];
}
