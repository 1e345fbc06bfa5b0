import { z } from "zod";
import { deviceIdSchema, entryIdSchema, workspaceIdSchema } from "../ids/ids.ts";

/** The most files that a report names, of those that a device is bringing. */
export const maxReportedFiles = 20;
/** How long a report of work under way is good. A device that works says so more often than that; one that died is forgotten. */
export const workReportMs = 60_000;
/** How long any other report is good. */
export const restReportMs = 30 * 60_000;

const deviceStateSchema = z.enum(["synced", "syncing", "paused", "error"]);
export type DeviceState = z.infer<typeof deviceStateSchema>;

/** A file that is on its way to the server: where it will be, by its folder and name, since it may not be there yet. The folder's id need not be known to the server yet, either. */
export const arrivingFileSchema = z.object({ folder_id: entryIdSchema, name: z.string().min(1).max(255) });
export type ArrivingFile = z.infer<typeof arrivingFileSchema>;

const countSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const pendingShape = { state: deviceStateSchema, uploads: countSchema, downloads: countSchema, bytes: countSchema };

/** `POST /v1/devices/report`: what this device does now. Each report takes the place of the one before. */
export const deviceReportSchema = z
  .object({ ...pendingShape, arriving: z.array(arrivingFileSchema).max(maxReportedFiles) })
  .meta({ id: "DeviceReport" });
export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** What a device last reported, to its own account. */
export const deviceActivitySchema = z.object(pendingShape).meta({ id: "DeviceActivity" });
export type DeviceActivity = z.infer<typeof deviceActivitySchema>;

/**
 * Told to connections with `mode=changes&devices=true`: what a device brings into this workspace now, as far as it says; an empty list when it no longer does. `activity` is told in the root
 * folder of the device's own account only; null there for a device that is gone, and absent elsewhere.
 */
export const deviceReportedSchema = z
  .object({
    event: z.literal("device_reported"),
    workspace_id: workspaceIdSchema,
    device_id: deviceIdSchema,
    device: z.string(),
    user: z.string(),
    arriving: z.array(arrivingFileSchema),
    activity: deviceActivitySchema.nullable().optional(),
  })
  .meta({ id: "DeviceReported" });
export type DeviceReported = z.infer<typeof deviceReportedSchema>;
