import { z } from "zod";
import { cursorSchema, entryIdSchema, versionIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { chunkHashSchema, maxChunkSizeBytes, versionHashSchema } from "../ids/chunk-hash.ts";
import { entryNameSchema } from "../names/entry-name.ts";
import { entryTypeSchema, listedEntrySchema, versionStateSchema } from "./entry.ts";
import { fileSizeSchema, timestampSchema } from "./values.ts";

/** The most chunks of one file in the per-file interface: 64 Ki chunks of 4 MiB are 256 GiB. */
export const maxChunksPerFile = 65_536;
export const maxEntriesPerPage = 1000;

/** An entry id, or `root` for the root folder of the account. */
export const folderReferenceSchema = z.union([z.literal("root"), entryIdSchema]);

export const uploadRequestSchema = z
  .object({
    parent_folder_id: folderReferenceSchema,
    file_name: entryNameSchema,
    file_size: fileSizeSchema,
    chunk_hashes: z.array(chunkHashSchema).max(maxChunksPerFile),
    chunk_sizes: z.array(z.number().int().min(1).max(maxChunkSizeBytes)).max(maxChunksPerFile).optional(),
    file_id: entryIdSchema.optional(),
  })
  .meta({ id: "UploadRequest" });
export const uploadResponseSchema = z
  .object({ file_id: entryIdSchema, missing_chunk_hashes: z.array(chunkHashSchema), upload_urls: z.array(z.string()) })
  .meta({ id: "UploadResponse" });

export const fileCommitRequestSchema = z
  .object({
    file_id: entryIdSchema,
    version_hash: versionHashSchema,
    chunk_hashes: z.array(chunkHashSchema).max(maxChunksPerFile),
    base_version_id: versionIdSchema.nullable().optional(),
    modified: timestampSchema.optional(),
    executable: z.boolean().optional(),
  })
  .meta({ id: "FileCommitRequest" });
export const fileCommitResponseSchema = z
  .object({ success: z.literal(true), new_version_id: versionIdSchema })
  .meta({ id: "FileCommitResponse" });

/** Metadata of a file or link; of a folder with a page of its entries. */
export const metadataResponseSchema = z
  .object({
    file_id: entryIdSchema,
    name: z.string(),
    type: entryTypeSchema,
    parent_folder_id: entryIdSchema.nullable(),
    latest_version: versionIdSchema.nullable(),
    size: fileSizeSchema,
    modified: timestampSchema.nullable(),
    executable: z.boolean(),
    link_target: z.string().nullable(),
    version_hash: versionHashSchema.nullable(),
    chunk_hashes: z.array(chunkHashSchema),
    chunk_sizes: z.array(z.number().int()),
    entries: z.array(listedEntrySchema).optional(),
    cursor: z.string().nullable().optional(),
  })
  .meta({ id: "Metadata" });
export type Metadata = z.infer<typeof metadataResponseSchema>;

/**
 * `POST /v1/files/content_url`: an address for what can send no token, such as a browser's downloads and players. Good for 10 minutes, and relative to the
 * server's own address. `inline` is for pictures, sound and video that a page shows; anything else is a download all the same.
 */
export const contentUrlRequestSchema = z
  .object({
    file_id: entryIdSchema,
    version_id: versionIdSchema.optional(),
    disposition: z.enum(["attachment", "inline"]).optional(),
  })
  .meta({ id: "ContentUrlRequest" });
export const contentUrlResponseSchema = z.object({ url: z.string() }).meta({ id: "ContentUrl" });

/** The most entries that may be named for one archive; what is in folders comes on top. */
export const maxArchiveSelection = 10_000;

/**
 * `POST /v1/files/archive_url`: an address, relative to the server's own, that gives these entries as one zip file. A form sends it `entries`, the same ids
 * in the same order, parted by spaces. `entries` of the answer counts files and folders, `size` the bytes of the files.
 */
export const archiveUrlRequestSchema = z
  .object({ file_ids: z.array(entryIdSchema).min(1).max(maxArchiveSelection), name: entryNameSchema })
  .meta({ id: "ArchiveUrlRequest" });
export const archiveUrlResponseSchema = z
  .object({ url: z.string(), entries: z.number().int(), size: fileSizeSchema })
  .meta({ id: "ArchiveUrl" });

/** `GET /v1/files/resolve?path=/docs/a.txt` */
export const resolveResponseSchema = z
  .object({ file_id: entryIdSchema, type: entryTypeSchema, mounts: workspaceIdSchema.optional() })
  .meta({ id: "Resolved" });

/** `GET /v1/files/versions?file_id=`, newest first. */
export const versionsResponseSchema = z
  .object({ versions: z.array(versionStateSchema), cursor: z.string().nullable() })
  .meta({ id: "Versions" });

/** `POST /v1/files/restore`: a version becomes the newest, a deleted entry comes back, or a folder goes back to an instant. */
export const restoreRequestSchema = z
  .object({ file_id: entryIdSchema, version_id: versionIdSchema.optional(), at: timestampSchema.optional() })
  .meta({ id: "RestoreRequest" });
export const restoreResponseSchema = z
  .object({ path: z.string(), restored: z.number().int(), cursor: cursorSchema })
  .meta({ id: "RestoreResponse" });

/** `POST /v1/files/transfer`: out of one workspace, into a folder of another. */
export const transferRequestSchema = z
  .object({ file_id: entryIdSchema, parent_folder_id: entryIdSchema, name: entryNameSchema })
  .meta({ id: "TransferRequest" });
export const transferResponseSchema = z
  .object({
    /** Of the new entry. */
    file_id: entryIdSchema,
    /** In its workspace. */
    path: z.string(),
  })
  .meta({ id: "TransferResponse" });

/** `GET /v1/files/trash`: what was deleted and can be restored, newest first. */
export const trashedEntrySchema = z
  .object({
    file_id: entryIdSchema,
    path: z.string(),
    type: entryTypeSchema,
    size: fileSizeSchema,
    deleted: timestampSchema,
    expires: timestampSchema,
    deleted_by: z.string(),
    /** Of files. */
    latest_version: versionIdSchema.nullable().optional(),
  })
  .meta({ id: "TrashedEntry" });
export const trashResponseSchema = z
  .object({ entries: z.array(trashedEntrySchema), cursor: z.string().nullable() })
  .meta({ id: "Trash" });
export type TrashedEntry = z.infer<typeof trashedEntrySchema>;

/**
 * `GET /v1/files/conflicts`: conflicted copies that nobody has renamed or deleted yet, in the account's folder and in the shared ones that are mounted there. Paths are from the account's root.
 * *Mine* is the copy, *theirs* what has the name, *base* what both were made from.
 */
export const conflictedCopySchema = z
  .object({
    file_id: entryIdSchema,
    path: z.string(),
    type: entryTypeSchema,
    original_id: entryIdSchema,
    /** Null when it is deleted. */
    original_path: z.string().nullable(),
    original_type: entryTypeSchema.nullable(),
    size: fileSizeSchema,
    modified: timestampSchema.nullable(),
    /** The copy's latest version; null for a folder. */
    mine: versionStateSchema.nullable(),
    /** The original's latest version; null for a folder, and when it is deleted. */
    theirs: versionStateSchema.nullable(),
    /** The version of the original that both sides started from; null where there was none, or none is known. */
    base: versionStateSchema.nullable(),
    /** May the account resolve it? False for whoever may only look at the folder. */
    may_resolve: z.boolean(),
  })
  .meta({ id: "ConflictedCopy" });
export const conflictsResponseSchema = z
  .object({ conflicts: z.array(conflictedCopySchema), cursor: z.string().nullable() })
  .meta({ id: "Conflicts" });
export type ConflictedCopy = z.infer<typeof conflictedCopySchema>;
