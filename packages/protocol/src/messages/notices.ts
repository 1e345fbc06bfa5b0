import { z } from "zod";
import { timestampSchema } from "./values.ts";

/** What somebody may be told of, and can turn off, each by itself. */
export const noticeKinds = [
  "share_invitation",
  "access_changed",
  "access_removed",
  "link_upload",
  "texts_merged",
  "conflict_waiting",
  "comment_mention",
  "comment_reply",
  "open_file_updated",
  "quota_nearly_full",
  "new_sign_in",
  "malware_found",
  "malware_held",
] as const;
export const noticeKindSchema = z.enum(noticeKinds);
export type NoticeKind = z.infer<typeof noticeKindSchema>;

/** Notices of an account; the oldest go first. */
export const maxNoticesOfAccount = 500;
export const maxNoticesPerPage = 100;

/** Something to be told. What happened again before it was read is the same notice: `times` counts, and `at` is the last time. */
export const noticeSchema = z
  .object({
    id: z.string(),
    kind: noticeKindSchema,
    /** What it is about, by kind: names of people, folders, files and devices, a workspace, an entry. */
    detail: z.record(z.string(), z.string()),
    times: z.number().int().min(1),
    at: timestampSchema,
    read: z.boolean(),
  })
  .meta({ id: "Notice" });
export type Notice = z.infer<typeof noticeSchema>;

/** `GET /v1/notices`: newest first. `unread` counts all of them. */
export const noticesResponseSchema = z
  .object({ notices: z.array(noticeSchema), unread: z.number().int(), cursor: z.string().nullable() })
  .meta({ id: "Notices" });
export type NoticesPage = z.infer<typeof noticesResponseSchema>;

/** `POST /v1/notices/read`: these, or all that there are up to now. */
export const noticesReadRequestSchema = z
  .object({ ids: z.array(z.string().max(64)).max(maxNoticesPerPage).optional() })
  .meta({ id: "NoticesReadRequest" });

/** Whether a kind is told in the app. */
export const noticeSettingSchema = z
  .object({ kind: noticeKindSchema, in_app: z.boolean() })
  .meta({ id: "NoticeSetting" });
export type NoticeSetting = z.infer<typeof noticeSettingSchema>;

/** `GET` and `POST /v1/notices/settings`: one of each kind; what is left out of a request stays. */
export const noticeSettingsSchema = z
  .object({ settings: z.array(noticeSettingSchema).max(noticeKinds.length) })
  .meta({ id: "NoticeSettings" });
