import type { Transfer } from "../files/transfer.ts";
import { workspaceOfEntry, ProblemError, type CommitOperation, type DeviceId } from "@satchel/protocol";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { Accounts } from "../identity/accounts.ts";
import type { Devices } from "../identity/devices.ts";
import type { SignIn } from "../identity/sign-in.ts";
import type { Sync } from "../sync/sync.ts";
import type { Audit } from "./audit.ts";

/** The same features, with what they do recorded: who signs in, who is refused, what is deleted. Each wraps the feature's own interface. */

export function auditedSignIn(signIn: SignIn, { audit, store }: { audit: Audit; store: IdentityStore }): SignIn {
  return {
    ...signIn,
    async login(request) {
      const login = await recordingRefusal(signIn.login(request), async () => {
        // A name that nobody has may be a password in the wrong field: it is not kept.
        const account = await store.findAccountByName(request.user);
        await audit.record({
          action: "sign_in_failed",
          accountId: account?.id ?? null,
          actor: null,
          detail: { method: "password" },
        });
      });
      const detail = { method: "password", device: request.deviceName };
      await audit.record({ action: "sign_in", accountId: login.account_id, deviceId: login.device_id, detail });
      return login;
    },
    async join(request) {
      const login = await recordingRefusal(signIn.join(request), () =>
        audit.record({ action: "sign_in_failed", accountId: null, detail: { method: "join code" } }),
      );
      const detail = { method: "join code", device: request.deviceName };
      await audit.record({ action: "sign_in", accountId: login.account_id, deviceId: login.device_id, detail });
      return login;
    },
    async createJoinCode(accountId) {
      const code = await signIn.createJoinCode(accountId);
      await audit.record({ action: "join_code_created", accountId });
      return code;
    },
  };
}

/** Records a refusal; what went wrong otherwise is no attempt of anybody. */
async function recordingRefusal<T>(work: Promise<T>, record: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError && error.code === "wrong_credentials") await record();
    throw error;
  }
}

/** A device was revoked since its refresh token was used twice: one of the two who used it is a thief. */
export async function noteReuse({
  audit,
  store,
  deviceId,
}: {
  readonly audit: Audit;
  readonly store: IdentityStore;
  readonly deviceId: DeviceId;
}): Promise<void> {
  const known = await store.findDevice(deviceId);
  await audit.record({ action: "token_reused", accountId: known?.account.id ?? null, actor: null, deviceId });
}

export function auditedDevices(devices: Devices, audit: Audit): Devices {
  return {
    ...devices,
    async revoke(principal, deviceId) {
      await devices.revoke(principal, deviceId);
      const { accountId } = principal;
      if (deviceId === principal.deviceId) await audit.record({ action: "sign_out", accountId, deviceId });
      else
        await audit.record({
          action: "device_revoked",
          accountId,
          deviceId: principal.deviceId,
          detail: { device: deviceId },
        });
    },
  };
}

/** What whoever runs the server does with accounts, by commands. */
export function auditedAccounts(accounts: Accounts, audit: Audit): Accounts {
  const recordOf = async (name: string, action: "account_disabled" | "account_enabled" | "password_changed") =>
    audit.record({ action, accountId: (await accounts.find(name)).id, actor: null, detail: { by: "command" } });
  return {
    ...accounts,
    async add(user) {
      const accountId = await accounts.add(user);
      const detail = { by: "command", admin: user.isAdmin };
      await audit.record({ action: "account_created", accountId, actor: null, detail });
      return accountId;
    },
    async setDisabled(name, disabled) {
      await accounts.setDisabled(name, disabled);
      await recordOf(name, disabled ? "account_disabled" : "account_enabled");
    },
    async setPassword(name, password) {
      await accounts.setPassword(name, password);
      await recordOf(name, "password_changed");
    },
  };
}

/** The journal keeps each deletion with its commit; the audit log adds from where. So nobody waits for it. */
export function auditedSync(sync: Sync, audit: Audit): Sync {
  return {
    ...sync,
    async commit(caller, command) {
      const answer = await sync.commit(caller, command);
      const { operations, workspace_id: workspace } = command.request;
      const deleted = operations.filter(
        (operation: CommitOperation, index: number) =>
          operation.op === "delete" && answer.results[index]?.status === "done",
      );
      const [first] = deleted;
      if (first) {
        const { accountId, deviceId } = caller;
        const detail = { count: deleted.length, workspace, first: first.id };
        audit.note({ action: "files_deleted", accountId, deviceId, detail });
      }
      return answer;
    },
  };
}

/** What leaves a workspace is deleted there. */
export function auditedTransfer(transfer: Transfer, audit: Audit): Transfer {
  return {
    async transfer(caller, request) {
      const moved = await transfer.transfer(caller, request);
      const { accountId, deviceId } = caller;
      const detail = { count: 1, workspace: workspaceOfEntry(request.id), first: request.id, moved_to: moved.id };
      audit.note({ action: "files_deleted", accountId, deviceId, detail });
      return moved;
    },
  };
}
