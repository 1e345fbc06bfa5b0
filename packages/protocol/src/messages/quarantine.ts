import { z } from "zod";
import { entryIdSchema, versionIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { timestampSchema } from "./values.ts";

/** A version in which malware was found. */
export const quarantinedItemSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    entry_id: entryIdSchema,
    version_id: versionIdSchema,
    /** From the root of its workspace; null where the file is gone. */
    path: z.string().nullable(),
    /** Whose workspace it is, by name. */
    owner: z.string().nullable(),
    finding: z.string(),
    found: timestampSchema,
    /** When an administrator let it out; null while nobody gets it. */
    allowed: timestampSchema.nullable(),
  })
  .meta({ id: "QuarantinedItem" });
export type QuarantinedItem = z.infer<typeof quarantinedItemSchema>;

/** `GET /v1/admin/quarantine`: the latest finding first. */
export const quarantinePageSchema = z
  .object({ items: z.array(quarantinedItemSchema), cursor: z.string().nullable() })
  .meta({ id: "QuarantinePage" });
export type QuarantinePage = z.infer<typeof quarantinePageSchema>;

/** `POST /v1/admin/quarantine/allow` */
export const allowQuarantinedRequestSchema = z
  .object({ workspace_id: workspaceIdSchema, version_id: versionIdSchema })
  .meta({ id: "AllowQuarantinedRequest" });
export type AllowQuarantinedRequest = z.infer<typeof allowQuarantinedRequestSchema>;
