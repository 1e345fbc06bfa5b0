import { workspaceOfEntry, type AccountId, type CommentRequest } from "@satchel/protocol";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import type { Comments } from "../comments/comments.ts";
import { findMentions } from "../comments/find-mentions.ts";
import type { Notices, Told } from "./notices.ts";

interface CommentNoticeParts {
  readonly notices: Notices;
  readonly metadata: Pick<MetadataStore, "access" | "comments" | "identity" | "tree">;
}

/** The same, with those told whom a comment mentions, and those who took part in the thread that it answers in, as long as they may see the file. [CM6] */
export function noticingComments(comments: Comments, parts: CommentNoticeParts): Comments {
  return {
    ...comments,
    async add(caller, request) {
      const isNew = await comments.add(caller, request);
      if (isNew) parts.notices.find(() => findNews(parts, caller, request));
      return isNew;
    },
  };
}

async function findNews({ metadata }: CommentNoticeParts, caller: Caller, request: CommentRequest): Promise<Told[]> {
  const { file_id: fileId, thread_id: threadId, text } = request;
  const { access, comments, identity, tree } = metadata;
  const mentioned = new Set<AccountId>();
  for (const name of findMentions(text)) {
    const account = await identity.findAccountByName(name);
    if (account) mentioned.add(account.id);
  }
  const thread = threadId === undefined ? [] : await comments.list(fileId);
  const talking = thread.flatMap((said) => (said.threadId === threadId ? (said.accountId ?? []) : []));
  const name = (await tree.findEntry(fileId))?.entry.name ?? "";
  const news: Told[] = [];
  for (const accountId of new Set([...mentioned, ...talking])) {
    if (accountId === caller.accountId) continue;
    if ((await access.findRole(workspaceOfEntry(fileId), accountId)) === undefined) continue;
    const kind = mentioned.has(accountId) ? "comment_mention" : "comment_reply";
    news.push({ accountId, kind, subject: fileId, by: caller.accountId, detail: { name, entry: fileId } });
  }
  return news;
}
