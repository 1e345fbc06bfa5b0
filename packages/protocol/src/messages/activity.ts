import { z } from "zod";
import { entryIdSchema, versionIdSchema } from "../ids/ids.ts";
import { entryTypeSchema } from "./entry.ts";
import { timestampSchema } from "./values.ts";

export const activityKindSchema = z.enum(["created", "updated", "moved", "deleted", "restored"]);
export type ActivityKind = z.infer<typeof activityKindSchema>;

/** One change of one entry: who did what, when, on which device. */
export const activityRecordSchema = z
  .object({
    sequence: z.number().int(),
    at: timestampSchema,
    kind: activityKindSchema,
    file_id: entryIdSchema,
    type: entryTypeSchema,
    /** Where the entry is now; where it was, for a deleted one. */
    path: z.string(),
    /** What it was called after the change. */
    name: z.string(),
    /** What it was called before, where that was another name. */
    name_before: z.string().nullable(),
    /** The version that it had after the change; null for folders. */
    version: versionIdSchema.nullable(),
    /** The account's name; empty for one that is gone. */
    author: z.string(),
    /** Names of the others who did it, where several people did it together. */
    also_by: z.array(z.string()).max(50).optional(),
    /** Null for the server's own work. */
    device: z.string().nullable(),
  })
  .meta({ id: "ActivityRecord" });
export type ActivityRecord = z.infer<typeof activityRecordSchema>;

/** `GET /v1/files/activity`: newest first, as far back as what was deleted is kept. A page may have fewer records than asked for, or none, and still not be the last. */
export const activityResponseSchema = z
  .object({ records: z.array(activityRecordSchema), cursor: z.string().nullable() })
  .meta({ id: "Activity" });

/** `POST /v1/files/restore_preview`: what taking a folder back to an instant would do. */
export const restorePreviewRequestSchema = z
  .object({ file_id: entryIdSchema, at: timestampSchema })
  .meta({ id: "RestorePreviewRequest" });
export const restorePreviewResponseSchema = z
  .object({
    /** How many entries would change. */
    restored: z.number().int(),
    /** The first 1000 of them: how each would be afterwards. */
    changes: z.array(
      z.object({ file_id: entryIdSchema, kind: activityKindSchema, type: entryTypeSchema, path: z.string() }),
    ),
  })
  .meta({ id: "RestorePreview" });
export type RestorePreview = z.infer<typeof restorePreviewResponseSchema>;
