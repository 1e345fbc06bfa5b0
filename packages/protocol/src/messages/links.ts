import { z } from "zod";
import { entryIdSchema } from "../ids/ids.ts";
import { timestampSchema } from "./values.ts";

/** `view`: pictures, sound and video are shown, and nothing is offered to keep; `download`: everything can be fetched; `upload`: of a folder, files can be put in, and nothing is shown. */
export const linkKindSchema = z.enum(["view", "download", "upload"]);
export type LinkKind = z.infer<typeof linkKindSchema>;

/** The most links of one account. */
export const maxLinksOfAccount = 1000;

/** `POST /v1/links`: an address that shows a file or folder to whoever has it. */
export const linkRequestSchema = z
  .object({
    entry_id: entryIdSchema,
    kind: linkKindSchema.default("download"),
    /** Asked of whoever opens it. */
    password: z.string().min(4).max(256).optional(),
    starts: timestampSchema.optional(),
    expires: timestampSchema.optional(),
    max_downloads: z.number().int().min(1).max(1_000_000).optional(),
  })
  .meta({ id: "LinkRequest" });

/** A link of the account's. */
export const linkSchema = z
  .object({
    link_id: z.string(),
    entry_id: entryIdSchema,
    /** Where that is now; null when it is gone, and the link shows nothing. */
    path: z.string().nullable(),
    kind: linkKindSchema,
    has_password: z.boolean(),
    starts: timestampSchema.nullable(),
    expires: timestampSchema.nullable(),
    max_downloads: z.number().int().nullable(),
    downloads: z.number().int(),
    created: timestampSchema,
  })
  .meta({ id: "Link" });
export type ShareLink = z.infer<typeof linkSchema>;

/** The address is told this once: the server keeps no more of its secret than it takes to know it again. */
export const newLinkSchema = linkSchema.extend({ url: z.string() }).meta({ id: "NewLink" });
export type NewShareLink = z.infer<typeof newLinkSchema>;

/** `GET /v1/links`; `DELETE /v1/links/{link_id}` revokes one. */
export const linksResponseSchema = z.object({ links: z.array(linkSchema) }).meta({ id: "Links" });
