import { z } from "zod";
import { cursorSchema, workspaceIdSchema } from "../ids/ids.ts";
import { chunkHashSchema } from "../ids/chunk-hash.ts";
import { entryStateSchema } from "./entry.ts";
import { packedChunksSchema } from "./values.ts";

/** The most changes in one page of the feed. */
export const maxChangesPerPage = 2000;

/**
 * A page of `GET /v1/sync/changes`: each entry once, with its latest state, in the order of their last changes. An entry's parent may come after it. Without a cursor the
 * feed starts at the beginning and leaves out what is deleted.
 */
export const changesPageSchema = z
  .object({ changes: z.array(entryStateSchema), cursor: cursorSchema, has_more: z.boolean() })
  .meta({ id: "ChangesPage" });
export type ChangesPage = z.infer<typeof changesPageSchema>;

export const changeEventNames = [
  "file_created",
  "file_updated",
  "file_moved",
  "file_deleted",
  "folder_created",
  "folder_moved",
  "folder_deleted",
] as const;

/** One change, told to whoever listens; a link counts as a file. `changed` stands for more changes than are worth telling one by one. */
export const changeEventSchema = z
  .object({
    event: z.enum([...changeEventNames, "changed"]),
    file_path: z.string().optional(),
    file_id: z.string().optional(),
    workspace_id: workspaceIdSchema,
    cursor: cursorSchema,
  })
  .meta({ id: "ChangeEvent" });
export type ChangeEvent = z.infer<typeof changeEventSchema>;

/** The most bytes of chunks that one push carries along, and the most changes. */
export const maxPushedBytes = 128 * 1024;
export const maxPushedChanges = 500;

/**
 * What a syncing device gets instead (`?mode=changes`): everything between two cursors, with the bytes if they are few, so that a small save needs no
 * further request. Without `changes` it only says 'look again': when there is too much to tell, when the connection was opened, and to the device whose
 * own commit it was, which has nothing to do once its commit's answer has brought it to `cursor`.
 */
export const changesPushSchema = z
  .object({
    event: z.literal("changes"),
    workspace_id: workspaceIdSchema,
    before: cursorSchema,
    cursor: cursorSchema,
    changes: z.array(entryStateSchema).optional(),
    carried: z.array(z.object({ hash: chunkHashSchema, bytes: z.base64() })).optional(),
  })
  .meta({ id: "ChangesPush" });
export type ChangesPush = z.infer<typeof changesPushSchema>;

/**
 * Told to syncing devices (`?mode=changes`): the server's own copies of these chunks are damaged. A device that has one in a file may upload it again, as any chunk. Packed as in a
 * manifest.
 */
export const chunksWantedSchema = z
  .object({ event: z.literal("chunks_wanted"), workspace_id: workspaceIdSchema, chunks: packedChunksSchema })
  .meta({ id: "ChunksWanted" });
export type ChunksWanted = z.infer<typeof chunksWantedSchema>;

/** Told to every connection of an account (`?mode=changes`): what it has, is invited to, or is told about has changed, and can be asked for. */
export const accountNewsSchema = z.object({ event: z.literal("account_news") }).meta({ id: "AccountNews" });
export type AccountNews = z.infer<typeof accountNewsSchema>;

/** `GET /v1/sync/poll`: waits until something changed after the cursor, at most `timeout` seconds. */
export const pollResponseSchema = z
  .object({ events: z.array(changeEventSchema), cursor: cursorSchema })
  .meta({ id: "PollResponse" });
export const maxPollSeconds = 55;
