import { ProblemError, workspaceOfEntry, type AccountId, type EntryId, type WorkspaceId } from "@satchel/protocol";
import type { CommentKey, CommentStore, NewComment, StoredComment } from "../comment-store.ts";
import { holdAccounts } from "../identity/hold-accounts.ts";
import { lockWorkspace } from "../rows/workspace-row.ts";
import type { SqlDatabase, SqlSession } from "../sql/sql-database.ts";

const ofFile = "workspace_id = $1 AND entry_id = $2";

/** See CommentStore. Each change holds the workspace's row, so that no file moves away under it, and two don't go beyond a bound together. */
export function commentStore(database: SqlDatabase): CommentStore {
  const change = <Result>(fileId: EntryId, work: (session: SqlSession) => Promise<Result>): Promise<Result> =>
    database.transaction(async (session) => {
      await lockWorkspace(session, workspaceOfEntry(fileId));
      return await work(session);
    });
  return {
    list: (fileId) => database.read((session) => list(session, fileId)),
    add: (comment, maxOfFile) => change(comment.fileId, (session) => add(session, comment, maxOfFile)),
    setResolved: (thread, { by, nowMs }) =>
      change(thread.fileId, async (session) => {
        const first = await findComment(session, thread);
        if (!first || first.thread_id !== thread.id) throw noSuchComment();
        if ((first.resolved_at_ms !== null) === (by !== null)) return false;
        if (by !== null && !(await holdAccounts(session, [by])).has(by)) throw noSuchComment();
        const sql = `UPDATE comments SET resolved_at_ms = $4, resolved_by = $5 WHERE ${ofFile} AND comment_id = $3`;
        await session.run(sql, [...keyOf(thread), by === null ? null : nowMs, by]);
        return true;
      }),
    remove: (comment) => change(comment.fileId, (session) => remove(session, comment)),
    putPassages: (fileId, passages) =>
      change(fileId, async (session) => {
        const sql = `UPDATE comments SET sealed_passage = $4 WHERE ${ofFile} AND comment_id = $3 AND comment_id = thread_id`;
        for (const { threadId, sealedPassage } of passages)
          await session.run(sql, [...keyOf({ fileId, id: threadId }), sealedPassage]);
      }),
    listOf: ({ accountId, after, limit }) =>
      database.read(async (session) => {
        const rows = await session.all<OwnRow>(
          `SELECT workspace_id, entry_id, comment_id, thread_id, sealed_text, at_ms FROM comments
           WHERE account_id = $1 AND comment_id > $2 ORDER BY comment_id LIMIT $3`,
          [accountId, after ?? "", limit],
        );
        return rows.map((row) => ({
          workspaceId: row.workspace_id,
          fileId: row.entry_id,
          id: row.comment_id,
          threadId: row.thread_id,
          sealedText: row.sealed_text,
          atMs: row.at_ms,
        }));
      }),
  };
}

interface OwnRow extends Pick<CommentRow, "comment_id" | "thread_id" | "sealed_text" | "at_ms"> {
  readonly workspace_id: WorkspaceId;
  readonly entry_id: EntryId;
}

interface CommentRow {
  readonly comment_id: string;
  readonly thread_id: string;
  readonly account_id: AccountId | null;
  readonly sealed_text: string | null;
  readonly sealed_passage: string | null;
  readonly resolved_at_ms: number | null;
  readonly at_ms: number;
}

async function list(session: SqlSession, fileId: EntryId): Promise<StoredComment[]> {
  const rows = await session.all<CommentRow & { readonly author: string | null; readonly resolver: string | null }>(
    `SELECT c.comment_id, c.thread_id, c.account_id, a.name AS author, c.sealed_text, c.sealed_passage, c.resolved_at_ms, r.name AS resolver, c.at_ms
     FROM comments c LEFT JOIN accounts a ON a.account_id = c.account_id LEFT JOIN accounts r ON r.account_id = c.resolved_by
     WHERE c.workspace_id = $1 AND c.entry_id = $2 ORDER BY c.at_ms, CASE WHEN c.comment_id = c.thread_id THEN 0 ELSE 1 END, c.comment_id`,
    [workspaceOfEntry(fileId), fileId],
  );
  return rows.map((row) => ({
    id: row.comment_id,
    threadId: row.thread_id,
    accountId: row.account_id,
    author: row.author,
    sealedText: row.sealed_text,
    sealedPassage: row.sealed_passage,
    isResolved: row.resolved_at_ms !== null,
    resolvedBy: row.resolver,
    atMs: row.at_ms,
  }));
}

async function add(session: SqlSession, comment: NewComment, maxOfFile: number): Promise<boolean> {
  const { fileId, id, threadId, accountId, sealedText, sealedPassage, atMs } = comment;
  const known = await findComment(session, comment);
  if (known && (known.account_id !== accountId || known.thread_id !== threadId))
    throw new ProblemError("id_taken", "another comment has this id");
  if (known) return false;
  const file = `SELECT entry_id FROM entries WHERE ${ofFile} AND type = 'file'`;
  const [there] = await session.all(file, [workspaceOfEntry(fileId), fileId]);
  if (!there || !(await holdAccounts(session, [accountId])).has(accountId))
    throw new ProblemError("not_found", "there is no such file");
  await requireRoom(session, fileId, maxOfFile);
  const isAnswer = threadId !== id;
  const thread = isAnswer ? await findComment(session, { fileId, id: threadId }) : undefined;
  if (isAnswer && thread?.thread_id !== threadId) throw noSuchComment();
  await session.run(
    `INSERT INTO comments (workspace_id, entry_id, comment_id, thread_id, account_id, sealed_text, sealed_passage, at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    // A process whose clock is behind puts no answer before what it answers.
    [...keyOf(comment), threadId, accountId, sealedText, sealedPassage, Math.max(atMs, thread?.at_ms ?? atMs)],
  );
  return true;
}

/** Threads that say nothing any more, since those who were in them are erased, nobody could take back: they make room. @throws limit_exceeded */
async function requireRoom(session: SqlSession, fileId: EntryId, maxOfFile: number): Promise<void> {
  const key = [workspaceOfEntry(fileId), fileId];
  const count = async (): Promise<number> => {
    const sql = `SELECT COUNT(*) AS comments FROM comments WHERE ${ofFile}`;
    return (await session.all<{ readonly comments: number }>(sql, key))[0]?.comments ?? 0;
  };
  if ((await count()) < maxOfFile) return;
  await session.run(
    `DELETE FROM comments WHERE ${ofFile} AND thread_id NOT IN
     (SELECT c.thread_id FROM comments c WHERE c.workspace_id = $1 AND c.entry_id = $2 AND c.sealed_text IS NOT NULL)`,
    key,
  );
  if ((await count()) >= maxOfFile)
    throw new ProblemError("limit_exceeded", `a file has at most ${maxOfFile} comments: take some back first`);
}

/** The first comment of a thread stays, without its words, while there are answers. */
async function remove(session: SqlSession, comment: CommentKey): Promise<boolean> {
  const known = await findComment(session, comment);
  if (!known) return false;
  const taken = `UPDATE comments SET sealed_text = NULL WHERE ${ofFile} AND comment_id = $3 AND sealed_text IS NOT NULL`;
  const wasThere = (await session.run(taken, keyOf(comment))) > 0;
  const isFirst = known.thread_id === comment.id;
  if (!isFirst) await session.run(`DELETE FROM comments WHERE ${ofFile} AND comment_id = $3`, keyOf(comment));
  const threadKey = keyOf({ fileId: comment.fileId, id: known.thread_id });
  // Nothing is left of a thread when none of its comments says anything.
  await session.run(
    `DELETE FROM comments WHERE ${ofFile} AND thread_id = $3
     AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.workspace_id = $1 AND c.entry_id = $2 AND c.thread_id = $3 AND c.sealed_text IS NOT NULL)`,
    threadKey,
  );
  return wasThere;
}

async function findComment(session: SqlSession, key: CommentKey): Promise<CommentRow | undefined> {
  const sql = `SELECT comment_id, thread_id, account_id, sealed_text, sealed_passage, resolved_at_ms, at_ms FROM comments WHERE ${ofFile} AND comment_id = $3`;
  return (await session.all<CommentRow>(sql, keyOf(key)))[0];
}

function keyOf({ fileId, id }: CommentKey): [string, string, string] {
  return [workspaceOfEntry(fileId), fileId, id];
}

function noSuchComment(): ProblemError {
  return new ProblemError("not_found", "there is no such comment");
}
