import { doneResponseSchema, noticeSettingsSchema, noticesResponseSchema } from "@satchel/protocol";
import type { NoticeSetting, NoticesPage } from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery } from "./json-call.ts";

/** What the account is told of; for {@link ApiClient.extend}. */
export interface NoticeCalls {
  /** Newest first. */
  notices(page?: { cursor: string | null }, options?: CallOptions): Promise<NoticesPage>;
  /** These, or all. */
  readNotices(ids?: readonly string[], options?: CallOptions): Promise<void>;
  noticeSettings(options?: CallOptions): Promise<NoticeSetting[]>;
  /** What is left out stays. */
  putNoticeSettings(settings: readonly NoticeSetting[], options?: CallOptions): Promise<NoticeSetting[]>;
}

export function createNoticeCalls(caller: Caller, makeKey: () => string): NoticeCalls {
  const change = (path: string, message: unknown) =>
    ({ method: "POST", path, ...jsonBody(message), idempotencyKey: makeKey() }) as const;
  return {
    notices: (page, options) =>
      callForJson(
        caller,
        { method: "GET", path: withQuery("/v1/notices", { cursor: page?.cursor ?? undefined }) },
        noticesResponseSchema,
        options,
      ),
    async readNotices(ids, options) {
      await callForJson(caller, change("/v1/notices/read", { ids }), doneResponseSchema, options);
    },
    async noticeSettings(options) {
      const call = { method: "GET", path: "/v1/notices/settings" } as const;
      return (await callForJson(caller, call, noticeSettingsSchema, options)).settings;
    },
    async putNoticeSettings(settings, options) {
      const call = change("/v1/notices/settings", { settings });
      return (await callForJson(caller, call, noticeSettingsSchema, options)).settings;
    },
  };
}
