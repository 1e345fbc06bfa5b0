import { z } from "zod";
import { deviceIdSchema, entryIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { arrivingFileSchema } from "./device-reports.ts";

/** How long what a window or device said that it has open is good. Whoever has something open says so again, more often than that. */
export const presenceLeaseMs = 60_000;
/** So often, that one report may be lost. */
export const presenceRepeatMs = presenceLeaseMs / 3;
/** Files that one window or device may have open, as others are told. */
export const maxOpenFiles = 50;

/** `live`: in a session where all see each other's words as they are typed. */
export const presenceDoingSchema = z.enum(["viewing", "editing", "live"]);
export type PresenceDoing = z.infer<typeof presenceDoingSchema>;

const openFileSchema = z.object({ file_id: entryIdSchema, doing: presenceDoingSchema });
export type OpenFile = z.infer<typeof openFileSchema>;

/** `POST /v1/presence`: all that one window of a browser, or one program on a device, has open now. It takes the place of what the same `client` said before. */
export const presenceReportSchema = z
  .object({
    client: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .meta({ description: "tells the windows and programs of one login apart; chosen by each" }),
    open: z.array(openFileSchema).max(maxOpenFiles),
  })
  .meta({ id: "PresenceReport" });
export type PresenceReport = z.infer<typeof presenceReportSchema>;

/** `GET /v1/presence`: a workspace of which to tell who is there. */
export const presenceQuerySchema = z.object({ workspace_id: workspaceIdSchema });

const presentShape = {
  device_id: deviceIdSchema,
  client: z.string(),
  user: z.string(),
  device: z.string(),
  open: z.array(openFileSchema),
};
const presentSchema = z.object(presentShape).meta({ id: "Present" });
/** Somebody who has files of a workspace open. */
export type Present = z.infer<typeof presentSchema>;

const bringingSchema = z.object({ user: z.string(), device: z.string(), files: z.array(arrivingFileSchema) });

/** Who has files of the workspace open, and who is bringing some. */
export const presenceResponseSchema = z
  .object({ present: z.array(presentSchema), arriving: z.array(bringingSchema) })
  .meta({ id: "Presence" });
export type Presence = z.infer<typeof presenceResponseSchema>;

/** Told to connections with `mode=changes&devices=true` when it changes: what one window or device has open in this workspace; an empty list when nothing any more. */
export const presenceChangedSchema = z
  .object({ event: z.literal("presence_changed"), workspace_id: workspaceIdSchema, ...presentShape })
  .meta({ id: "PresenceChanged" });
export type PresenceChanged = z.infer<typeof presenceChangedSchema>;
