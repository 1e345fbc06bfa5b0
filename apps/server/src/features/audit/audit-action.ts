/** What is recorded, each with the sentence that a person reads. A new one is added here, and never renamed. */
export const auditActions = {
  sign_in: "signed a device in",
  sign_in_failed: "tried to sign in, and was refused",
  sign_out: "signed a device out",
  device_revoked: "revoked a device's login",
  token_reused: "an old refresh token was used again, so the device's login was revoked",
  join_code_created: "made a code for another device",
  account_created: "the account was created",
  account_disabled: "the account was disabled",
  account_enabled: "the account was enabled again",
  password_changed: "the password was changed",
  email_changed: "the e-mail address was changed",
  factor_changed: "a second factor was added or removed",
  app_password_changed: "an app password was made or revoked",
  identity_linked: "an outside identity was linked or unlinked",
  quota_changed: "the storage limit was changed",
  folder_shared: "made a folder a shared one",
  role_changed: "a role in a folder was given, changed or taken",
  files_deleted: "deleted files or folders",
  data_exported: "exported everything about the account",
  deletion_requested: "asked for the account's deletion",
  deletion_cancelled: "took back the account's deletion",
  account_erased: "an account was erased",
  program_changed: "a program of others was made known, or taken away",
  key_rotated: "the server's master key was changed",
} as const satisfies Record<string, string>;

export type AuditAction = keyof typeof auditActions;
