import {
  encodeIdPart,
  idPartBytes,
  makeWorkspaceId,
  passwordSchema,
  ProblemError,
  userNameSchema,
  type AccountId,
} from "@satchel/protocol";
import { z } from "zod";
import type { Host } from "../../host.ts";
import type { Account, IdentityStore, NewAccount } from "../../storage/metadata/identity-store.ts";
import type { PasswordHasher } from "./password-hasher.ts";

export interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly isAdmin: boolean;
  /** Null for no limit. */
  readonly quotaBytes: number | null;
}

type HashedUser = Pick<
  NewAccount,
  "name" | "email" | "emailConfirmed" | "passwordHash" | "isAdmin" | "quotaBytes" | "mustBeFirst"
>;

interface AccountsParts {
  readonly store: IdentityStore;
  readonly passwords: PasswordHasher;
  readonly host: Host;
}

const newUserSchema = z.object({
  name: userNameSchema,
  email: z.email().max(254),
  password: passwordSchema,
  isAdmin: z.boolean(),
  quotaBytes: z.number().int().min(0).nullable(),
});
const accountsPerPage = 500;

export type Accounts = ReturnType<typeof createAccounts>;

/** What whoever runs the server does with accounts. */
export function createAccounts({ store, passwords, host }: AccountsParts) {
  async function find(name: string): Promise<Account> {
    const account = await store.findAccountByName(name);
    if (!account) throw new ProblemError("not_found", `there is no account named ${name}`);
    return account;
  }

  /** An account whose parts were checked before. @throws account_exists */
  async function addHashed(user: HashedUser): Promise<AccountId> {
    const id = encodeIdPart(host.randomBytes(idPartBytes)) as AccountId;
    await store.createAccount({
      ...user,
      id,
      rootWorkspaceId: makeWorkspaceId(host.randomBytes(idPartBytes)),
      epoch: encodeIdPart(host.randomBytes(idPartBytes)),
      nowMs: host.nowMs(),
    });
    return id;
  }

  return {
    find,
    /** @throws bad_request, account_exists */
    async add(user: NewUser): Promise<AccountId> {
      const parsed = newUserSchema.safeParse(user);
      if (!parsed.success) throw new ProblemError("bad_request", inOneLine(parsed.error));
      const { name, email, isAdmin, quotaBytes } = user;
      const passwordHash = await passwords.hash(user.password);
      return await addHashed({ name, email, passwordHash, isAdmin, quotaBytes, emailConfirmed: "try" });
    },
    addHashed,
    /** Is there none yet? */
    async isEmpty(): Promise<boolean> {
      return (await store.listAccounts({ after: undefined, limit: 1 })).length === 0;
    },
    async list(): Promise<Account[]> {
      const accounts: Account[] = [];
      for (let after: string | undefined; ;) {
        const page = await store.listAccounts({ after, limit: accountsPerPage });
        accounts.push(...page);
        after = page.at(-1)?.name;
        if (page.length < accountsPerPage) return accounts;
      }
    },
    /** Disabling signs every device out. @throws not_found */
    async setDisabled(name: string, disabled: boolean): Promise<void> {
      await store.setAccountDisabled((await find(name)).id, disabled, host.nowMs());
    },
    /** Signs every device out, too. @throws not_found, bad_request */
    async setPassword(name: string, password: string): Promise<void> {
      const account = await find(name);
      if (!passwordSchema.safeParse(password).success)
        throw new ProblemError("bad_request", "a password has 8 to 256 characters");
      await store.setPassword(account.id, await passwords.hash(password), { revokeDevices: true, nowMs: host.nowMs() });
    },
  };
}

/** Such as `password: too small: expected string to have >=8 characters`. */
function inOneLine(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join(".")}: ${message.slice(0, 1).toLowerCase()}${message.slice(1)}`)
    .join("; ");
}
