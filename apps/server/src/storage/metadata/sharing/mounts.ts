import {
  isDeviceFolderName,
  makeEntryId,
  maxNameBytes,
  ProblemError,
  rootEntryId,
  type AccountId,
  type EntryId,
  type WorkspaceId,
  idPartBytes,
  utf8ByteLength,
} from "@satchel/protocol";
import { livingFolder, requireOrdinaryName } from "../commit/batch.ts";
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

/** Mounts a share in the account's root workspace; nothing happens where it is mounted already. @throws not_found, name_taken, bad_request */
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
  asProblem(() => void livingFolder(changes, id));
}

/** A refusal of a commit, as what an answer says. @throws ProblemError */
function asProblem(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof Refusal ? new ProblemError(error.code, error.message) : error;
  }
}

/** @throws name_taken when the wanted name is, or too many are; bad_request when it is that of the devices' own folder */
async function chooseName(
  changes: ChangeSet,
  wanted: {
    readonly id: EntryId;
    readonly parentId: EntryId;
    readonly name: string | undefined;
    readonly shareName: string;
  },
): Promise<string> {
  const { tree, context } = changes;
  const { parentId, shareName, name: given } = wanted;
  if (given !== undefined) asProblem(() => requireOrdinaryName(changes, { parentId, name: given }));
  const isRoot = parentId === rootEntryId(context.workspaceId);
  for (let n = 1; n <= maxTries; n += 1) {
    const name = given ?? (n === 1 ? shareName : numbered(shareName, n));
    // A folder below the root may have been shared under it.
    if (isRoot && isDeviceFolderName(name)) continue;
    await tree.loadHolders([{ parentId, name }]);
    const holder = tree.findHolder({ parentId, name });
    if (!holder || holder.entry_id === wanted.id) return name;
    if (given !== undefined) break;
  }
  throw new ProblemError("name_taken", "There is something of this name already");
}

/** `NAME (2)`, within the length that names may have. */
function numbered(name: string, n: number): string {
  const end = ` (${n})`;
  const kept = Array.from(name);
  while (utf8ByteLength(kept.join("") + end) > maxNameBytes) kept.pop();
  return kept.join("") + end;
}
