import { z } from "zod";
import { accountIdSchema, deviceIdSchema, entryIdSchema, versionIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { versionHashSchema } from "../ids/chunk-hash.ts";
import { entryNameSchema } from "../names/entry-name.ts";
import { fileSizeSchema, packedChunksSchema, timestampSchema } from "./values.ts";

export const entryTypeSchema = z.enum(["file", "folder", "link"]);
export type EntryType = z.infer<typeof entryTypeSchema>;

/** A manifest of up to this many chunks travels inside the entry's state; a longer one is asked for. */
export const maxInlineManifestChunks = 16;

/**
 * An entry as the change feed tells it. For a link, `version_hash` is the SHA-256 of its target. A folder has no version. When a folder is deleted,
 * only the folder itself is told: everything below it is gone with it.
 */
export const entryStateSchema = z
  .object({
    id: entryIdSchema,
    parent_id: entryIdSchema.nullable(),
    name: z.string(),
    type: entryTypeSchema,
    deleted: z.boolean(),
    sequence: z.number().int(),
    version_id: versionIdSchema.nullable(),
    version_hash: versionHashSchema.nullable(),
    size: fileSizeSchema,
    modified: timestampSchema.nullable(),
    executable: z.boolean(),
    link_target: z.string().nullable(),
    conflict_of: entryIdSchema.nullable(),
    /** The shared workspace that stands in this folder's place for the account: what lies below is told by that workspace's own feed. */
    mounts: workspaceIdSchema.optional(),
    chunks: packedChunksSchema.optional(),
  })
  .meta({ id: "EntryState" });
export type EntryState = z.infer<typeof entryStateSchema>;

/** One immutable content and metadata state of an entry. */
export const versionStateSchema = z
  .object({
    version: versionIdSchema,
    size: fileSizeSchema,
    modified: timestampSchema,
    created: timestampSchema,
    version_hash: versionHashSchema,
    executable: z.boolean(),
    /** What it was made from: nothing for a first version, two versions for a merge. One of them may be pruned since. */
    parents: z.array(versionIdSchema).max(2),
    author: z.string(),
    author_id: accountIdSchema,
    /** Names of the others whose work is in it, where several people made it together. */
    also_by: z.array(z.string()).max(50).optional(),
    device: z.string().nullable(),
    device_id: deviceIdSchema.nullable(),
  })
  .meta({ id: "VersionState" });
export type VersionState = z.infer<typeof versionStateSchema>;

/** An entry in a folder's listing. */
export const listedEntrySchema = z
  .object({
    id: entryIdSchema,
    name: entryNameSchema,
    type: entryTypeSchema,
    latest_version: versionIdSchema.nullable(),
    size: fileSizeSchema,
    modified: timestampSchema.nullable(),
    version_hash: versionHashSchema.nullable(),
    executable: z.boolean(),
    link_target: z.string().nullable(),
    conflict_of: entryIdSchema.nullable(),
    /** Of a folder that stands for a shared workspace: that workspace. */
    mounts: workspaceIdSchema.optional(),
  })
  .meta({ id: "ListedEntry" });
export type ListedEntry = z.infer<typeof listedEntrySchema>;
