import {
  makeEntryId,
  ProblemError,
  type AccountId,
  type EntryId,
  type WorkspaceId,
  idPartBytes,
} from "@satchel/protocol";
import { livingFolder } from "../commit/batch.ts";
import { ChangeSet, type RandomBytes } from "../commit/change-set.ts";
import { blankEntry } from "../commit/create-entry.ts";
import { describeChanges } from "../commit/describe-changes.ts";
import { Refusal } from "../commit/refusal.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { MountChange } from "../share-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import type { Author } from "../tree-store.ts";

/** More names than these are not tried. */
const maxTries = 100;

/** A change of where an account has a share. */
export interface MountWork {
  /** The share. */
  readonly workspaceId: WorkspaceId;
  readonly accountId: AccountId;
  readonly author: Author;
  readonly nowMs: number;
}

/** Mounts a share in the account's root workspace; nothing happens where it is mounted already. @throws not_found, name_taken */
export async function mount(
  session: SqlSession,
  work: MountWork & { readonly parentId: EntryId; readonly name: string | undefined; readonly shareName: string },
  randomBytes: RandomBytes,
): Promise<MountChange | undefined> {
  const { workspaceId, parentId } = work;
  const changes = await openRoot(session, work, randomBytes);
  const known = await findMount(session, changes.context.workspaceId, workspaceId);
  const id = known ?? makeEntryId(changes.context.workspaceId, randomBytes(idPartBytes));
  await changes.tree.load([id, parentId]);
  const before = changes.tree.find(id);
  if (before && changes.tree.isAlive(before)) return undefined;
  requireFolder(changes, parentId);
  const name = await chooseName(changes, { ...work, id });
  const row = before ?? { ...blankEntry({ op: "create_folder", id, parent_id: parentId, name }), mounts: workspaceId };
  changes.change({ ...row, parent_id: parentId, name, deleted_at_ms: null, deleted_by: null }, "created");
  return close(changes);
}

/** Takes the share out of the account's root workspace. */
export async function unmount(
  session: SqlSession,
  work: MountWork,
  randomBytes: RandomBytes,
): Promise<MountChange | undefined> {
  const { author, nowMs, workspaceId } = work;
  const changes = await openRoot(session, work, randomBytes);
  const id = await findMount(session, changes.context.workspaceId, workspaceId);
  if (id === undefined) return undefined;
  await changes.tree.load([id]);
  const row = changes.tree.find(id);
  if (!row || row.deleted_at_ms !== null) return undefined;
  changes.change({ ...row, deleted_at_ms: nowMs, deleted_by: author.accountId }, "deleted");
  return close(changes);
}

async function openRoot(
  session: SqlSession,
  { accountId, author, nowMs }: MountWork,
  randomBytes: RandomBytes,
): Promise<ChangeSet> {
  const [account] = await session.all<{ root_workspace_id: WorkspaceId }>(
    "SELECT root_workspace_id FROM accounts WHERE account_id = $1",
    [accountId],
  );
  if (!account) throw new ProblemError("not_found", "There is no such account");
  const workspaceId = account.root_workspace_id;
  const workspace = await lockWorkspace(session, workspaceId);
  return new ChangeSet({ session, workspaceId, workspace, author, nowMs, randomBytes });
}

async function close(changes: ChangeSet): Promise<MountChange> {
  await changes.finish();
  const { before, after } = changes;
  return { workspaceId: changes.context.workspaceId, before, after, changes: await describeChanges(changes) };
}

async function findMount(session: SqlSession, root: WorkspaceId, share: WorkspaceId): Promise<EntryId | undefined> {
  const [row] = await session.all<{ entry_id: EntryId }>(
    "SELECT entry_id FROM entries WHERE workspace_id = $1 AND mounts = $2",
    [root, share],
  );
  return row?.entry_id;
}

/** @throws not_found */
function requireFolder(changes: ChangeSet, id: EntryId): void {
  try {
    livingFolder(changes, id);
  } catch (error) {
    throw error instanceof Refusal ? new ProblemError(error.code, error.message) : error;
  }
}

/** @throws name_taken when the wanted name is, or too many are */
async function chooseName(
  { tree }: ChangeSet,
  wanted: {
    readonly id: EntryId;
    readonly parentId: EntryId;
    readonly name: string | undefined;
    readonly shareName: string;
  },
): Promise<string> {
  const { parentId, shareName } = wanted;
  for (let n = 1; n <= maxTries; n += 1) {
    const name = wanted.name ?? (n === 1 ? shareName : `${shareName} (${n})`);
    await tree.loadHolders([{ parentId, name }]);
    const holder = tree.findHolder({ parentId, name });
    if (!holder || holder.entry_id === wanted.id) return name;
    if (wanted.name !== undefined) break;
  }
  throw new ProblemError("name_taken", "There is something of this name already");
}
