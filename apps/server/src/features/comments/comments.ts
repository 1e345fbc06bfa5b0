import {
  formatTimestamp,
  maxCommentsOfFile,
  ProblemError,
  workspaceOfEntry,
  type Comment,
  type CommentRequest,
  type CommentThread,
  type DeleteCommentRequest,
  type EntryId,
  type ResolveThreadRequest,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { CommentStore, StoredComment } from "../../storage/metadata/comment-store.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { openPassage, openText, sealPassage, sealText } from "./sealed-comment.ts";

/** What people say about files. Whoever may read a file may comment on it; a program in their name needs `files.write` for that. [CM2] */
export interface Comments {
  /** @throws not_found, forbidden */
  list(caller: Caller, fileId: EntryId): Promise<CommentThread[]>;
  /** Begins a thread, or answers in one; sent again, it changes nothing and answers false. @throws not_found, forbidden, id_taken, limit_exceeded */
  add(caller: Caller, request: CommentRequest): Promise<boolean>;
  /** @throws not_found; forbidden to who may not change the file, unless the thread is their own */
  resolve(caller: Caller, request: ResolveThreadRequest): Promise<void>;
  /** One's own, and any to whoever owns the folder. Sent again, it changes nothing. Answers whose it was, when it was another's. @throws not_found, forbidden */
  remove(caller: Caller, request: DeleteCommentRequest): Promise<{ readonly of: Comment["author_id"] }>;
}

interface CommentParts {
  readonly store: CommentStore;
  readonly tree: Pick<TreeStore, "findEntry">;
  readonly authorisation: Authorisation;
  readonly bus: Bus;
  readonly host: Host;
  /** Seals what is said. */
  readonly key: Uint8Array;
}

export function createComments(parts: CommentParts): Comments {
  const { store, authorisation, bus, host, key } = parts;

  /** Of a file that is there; what is in the trash has its comments again when it is back. */
  async function requireFile(caller: Caller, fileId: EntryId): Promise<void> {
    await authorisation.requireEntry(caller, fileId);
    if ((await parts.tree.findEntry(fileId))?.entry.type !== "file")
      throw new ProblemError("not_found", "there is no such file");
  }

  /** As {@link requireFile}; the role that it takes is the one that reading does. */
  async function requireSpeaker(caller: Caller, fileId: EntryId): Promise<void> {
    const { right } = caller;
    await requireFile({ ...authorisation.requireRight(caller, "files.write"), right }, fileId);
  }

  const findComment = async (fileId: EntryId, id: string): Promise<StoredComment | undefined> =>
    (await store.list(fileId)).find((comment) => comment.id === id);

  const tell = (fileId: EntryId): void =>
    bus.publish({ kind: "comments_changed", workspaceId: workspaceOfEntry(fileId), fileId });

  return {
    async list(caller, fileId) {
      await requireFile(caller, fileId);
      return threadsOf(await store.list(fileId), key);
    },
    async add(caller, { file_id: fileId, id, text, passage, thread_id: threadId = id }) {
      await requireSpeaker(caller, fileId);
      const sealedPassage = passage && threadId === id ? sealPassage(key, id, passage) : null;
      const sealedText = sealText(key, id, text);
      const { accountId } = caller;
      const comment = { fileId, id, threadId, accountId, sealedText, sealedPassage, atMs: host.nowMs() };
      const isNew = await store.add(comment, maxCommentsOfFile);
      if (isNew) tell(fileId);
      return isNew;
    },
    async resolve(caller, { file_id: fileId, thread_id: id, resolved }) {
      await requireSpeaker(caller, fileId);
      const { accountId } = caller;
      const first = await findComment(fileId, id);
      if (!first) throw new ProblemError("not_found", "there is no such comment");
      if (first.accountId !== accountId) await authorisation.requireEntry({ ...caller, right: "files.write" }, fileId);
      const by = resolved ? accountId : null;
      if (await store.setResolved({ fileId, id }, { by, nowMs: host.nowMs() })) tell(fileId);
    },
    async remove(caller, { file_id: fileId, id }) {
      await requireSpeaker(caller, fileId);
      const found = await findComment(fileId, id);
      // Taken back already: the answer to that may have been lost.
      if (!found) return { of: null };
      const isOwn = found.accountId === caller.accountId;
      if (!isOwn) await authorisation.requireEntry({ ...caller, right: "workspace.manage" }, fileId);
      if (!(await store.remove({ fileId, id }))) return { of: null };
      tell(fileId);
      return { of: isOwn ? null : found.accountId };
    },
  };
}

/** Threads in the order in which they were begun. One of which nothing can be read any more is left out. */
function threadsOf(comments: readonly StoredComment[], key: Uint8Array): CommentThread[] {
  const threads = new Map<string, CommentThread>();
  for (const stored of comments) {
    const { id, threadId, sealedPassage, isResolved, resolvedBy } = stored;
    const thread = threads.get(threadId);
    if (thread) thread.comments.push(describe(stored, key));
    else {
      const passage = sealedPassage === null ? null : (openPassage(key, id, sealedPassage) ?? null);
      const begun = { id: threadId, passage, resolved: isResolved, resolved_by: resolvedBy };
      threads.set(threadId, { ...begun, comments: [describe(stored, key)] });
    }
  }
  return [...threads.values()].filter(({ comments: said }) => said.some(({ text }) => text !== null));
}

function describe({ id, accountId, author, sealedText, atMs }: StoredComment, key: Uint8Array): Comment {
  const text = sealedText === null ? null : (openText(key, id, sealedText) ?? null);
  return { id, author_id: accountId, author, text, at: formatTimestamp(atMs) };
}
