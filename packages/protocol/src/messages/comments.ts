import { z } from "zod";
import { accountIdSchema, entryIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { timestampSchema } from "./values.ts";

/** Comments of a file, answers counted too; whoever wants to say more takes some back first. */
export const maxCommentsOfFile = 500;
/** In UTF-16 units. */
export const maxCommentLength = 2000;
/** What is longer is commented on by its beginning. In UTF-16 units. */
export const maxQuoteLength = 500;
/** How much of the words before and behind a passage tells it from others that read the same. In UTF-16 units. */
export const maxContextLength = 60;
/** People that one comment tells; whoever is named beyond that isn't told. */
export const maxMentions = 20;

/** A comment's id, chosen by whoever writes it, so that sending it again changes nothing. */
export const commentIdSchema = z.string().regex(/^[a-z2-7]{16}$/);

/** A place in a live session's document: a relative position of Yjs in base64, which stays with the words that it is at. */
const relativePositionSchema = z.base64().max(200);

/** The words that a comment is about. */
export const passageSchema = z
  .object({
    quote: z.string().min(1).max(maxQuoteLength),
    before: z.string().max(maxContextLength),
    after: z.string().max(maxContextLength),
    /** Where they are in a session's document; null for words that were chosen outside of one. */
    anchor: z
      .object({ session: z.string().max(64), start: relativePositionSchema, end: relativePositionSchema })
      .nullable(),
  })
  .meta({ id: "Passage" });
export type Passage = z.infer<typeof passageSchema>;

const commentTextSchema = z.string().trim().min(1).max(maxCommentLength);

export const commentSchema = z
  .object({
    id: commentIdSchema,
    /** Null when the account is gone. */
    author_id: accountIdSchema.nullable(),
    author: z.string().nullable(),
    /** Null once it was taken back, and answers stand below it. */
    text: z.string().nullable(),
    at: timestampSchema,
  })
  .meta({ id: "Comment" });
export type Comment = z.infer<typeof commentSchema>;

/** A comment and its answers, oldest first. */
export const commentThreadSchema = z
  .object({
    id: commentIdSchema,
    /** Null for one that is about the file as a whole. */
    passage: passageSchema.nullable(),
    resolved: z.boolean(),
    /** Who said so; null also when the account is gone. */
    resolved_by: z.string().nullable(),
    comments: z.array(commentSchema).max(maxCommentsOfFile),
  })
  .meta({ id: "CommentThread" });
export type CommentThread = z.infer<typeof commentThreadSchema>;

/** `GET /v1/comments`: all of a file, in the order in which they were begun. */
export const commentsQuerySchema = z.object({ file_id: entryIdSchema });
export const commentsResponseSchema = z.object({ threads: z.array(commentThreadSchema) }).meta({ id: "Comments" });

/** `POST /v1/comments`: begins a thread, or answers in one. */
export const commentRequestSchema = z
  .object({
    file_id: entryIdSchema,
    id: commentIdSchema,
    text: commentTextSchema,
    /** What it is about, for one that begins a thread; null, or left out: the file as a whole. */
    passage: passageSchema.nullish(),
    /** The thread that it answers in; left out: it begins one. */
    thread_id: commentIdSchema.optional(),
  })
  .meta({ id: "CommentRequest" });
export type CommentRequest = z.infer<typeof commentRequestSchema>;

/** `POST /v1/comments/resolve`: says that a thread is dealt with, or isn't. */
export const resolveThreadRequestSchema = z
  .object({ file_id: entryIdSchema, thread_id: commentIdSchema, resolved: z.boolean() })
  .meta({ id: "ResolveThreadRequest" });
export type ResolveThreadRequest = z.infer<typeof resolveThreadRequestSchema>;

/** `POST /v1/comments/delete`: takes back a comment. A thread goes with the last of its comments. */
export const deleteCommentRequestSchema = z
  .object({ file_id: entryIdSchema, id: commentIdSchema })
  .meta({ id: "DeleteCommentRequest" });
export type DeleteCommentRequest = z.infer<typeof deleteCommentRequestSchema>;

/** Told to connections with `mode=changes` in the file's workspace: its comments have changed, and can be asked for. */
export const commentsChangedSchema = z
  .object({ event: z.literal("comments_changed"), workspace_id: workspaceIdSchema, file_id: entryIdSchema })
  .meta({ id: "CommentsChanged" });
export type CommentsChanged = z.infer<typeof commentsChangedSchema>;
