import { z } from "zod";
import { cursorSchema, entryIdSchema, versionIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { versionHashSchema } from "../ids/chunk-hash.ts";
import { problemCodeSchema } from "../errors/problem.ts";
import { entryNameSchema } from "../names/entry-name.ts";
import { entryStateSchema } from "./entry.ts";
import { fileSizeSchema, linkTargetSchema, packedChunksSchema, timestampSchema } from "./values.ts";

/** The most operations in one commit. */
export const maxCommitOperations = 1000;
/** The most bytes of chunks that a commit may carry along. */
export const maxCommitBodyBytes = 8 * 1024 * 1024;

const contentSchema = z.object({
  version_hash: versionHashSchema,
  size: fileSizeSchema,
  chunks: packedChunksSchema,
  modified: timestampSchema,
  executable: z.boolean(),
});
export type CommittedContent = z.infer<typeof contentSchema>;

const newEntry = { id: entryIdSchema, parent_id: entryIdSchema, name: entryNameSchema };

/**
 * One step of a commit, with the state that it was based on. `create` with the id of a deleted entry brings that entry back (a folder comes back
 * empty). `edit` names the version that was edited, `merge_file` the latest version and what it was merged with, which is kept as a version of its own, `touch` changes time and mode of whatever version is latest, `move` names the place moved from,
 * `delete` is refused when anything in the subtree changed after the commit's `seen`.
 */
export const commitOperationSchema = z.discriminatedUnion("op", [
  z.object({
    op: z.literal("create_file"),
    ...newEntry,
    content: contentSchema,
    conflict_of: entryIdSchema.optional(),
    /** Of a conflicted copy: the version of its original that was edited to become this content. Left out where there was none. */
    conflict_base: versionIdSchema.optional(),
  }),
  z.object({ op: z.literal("create_folder"), ...newEntry, conflict_of: entryIdSchema.optional() }),
  z.object({
    op: z.literal("create_link"),
    ...newEntry,
    link_target: linkTargetSchema,
    modified: timestampSchema,
    conflict_of: entryIdSchema.optional(),
  }),
  z.object({ op: z.literal("edit_file"), id: entryIdSchema, base_version_id: versionIdSchema, content: contentSchema }),
  z.object({
    op: z.literal("merge_file"),
    id: entryIdSchema,
    /** The latest version, which is one parent. */
    base_version_id: versionIdSchema,
    content: contentSchema,
    /** The other parent, not on the server yet, and the version that it was made from; null when that isn't known. */
    merged: z.object({ base_version_id: versionIdSchema.nullable(), content: contentSchema }),
  }),
  z.object({
    op: z.literal("edit_link"),
    id: entryIdSchema,
    base_version_id: versionIdSchema,
    link_target: linkTargetSchema,
    modified: timestampSchema,
  }),
  z.object({ op: z.literal("touch"), id: entryIdSchema, modified: timestampSchema, executable: z.boolean() }),
  z.object({
    op: z.literal("move"),
    id: entryIdSchema,
    parent_id: entryIdSchema,
    name: entryNameSchema,
    base_parent_id: entryIdSchema,
    base_name: z.string(),
    /** Marks the entry as a conflicted copy from now on, because the move gave it such a name. */
    conflict_of: entryIdSchema.optional(),
    conflict_base: versionIdSchema.optional(),
  }),
  z.object({ op: z.literal("delete"), id: entryIdSchema }),
]);
export type CommitOperation = z.infer<typeof commitOperationSchema>;

/**
 * A batch of operations on one workspace, applied in order in one transaction, each with a result of its own: one that fails leaves the others. As a frame, its
 * body holds the bytes of `carried`, in order; they are stored before the operations are looked at.
 */
export const commitRequestSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    seen: cursorSchema,
    carried: packedChunksSchema.optional(),
    operations: z.array(commitOperationSchema).min(1).max(maxCommitOperations),
  })
  .meta({ id: "CommitRequest" });
export type CommitRequest = z.infer<typeof commitRequestSchema>;

export const commitResultSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("done"),
    sequence: z.number().int(),
    version_id: versionIdSchema.nullable(),
    /** Of `merge_file`: the version that its other parent became. */
    merged_version_id: versionIdSchema.optional(),
  }),
  z.object({
    status: z.literal("failed"),
    code: problemCodeSchema,
    detail: z.string(),
    /** The state that won, where there is one to tell. */
    current: entryStateSchema.optional(),
    missing_chunk_hashes: z.array(z.string()).optional(),
    /** Of `quota_exceeded`: how much has to be freed. */
    missing_bytes: z.number().int().optional(),
  }),
]);
export type CommitResult = z.infer<typeof commitResultSchema>;

/** `before` and `cursor` frame the batch in the feed: a device whose cursor is `before` has seen everything up to `cursor`. */
export const commitResponseSchema = z
  .object({ results: z.array(commitResultSchema), before: cursorSchema, cursor: cursorSchema })
  .meta({ id: "CommitResponse" });
export type CommitResponse = z.infer<typeof commitResponseSchema>;
