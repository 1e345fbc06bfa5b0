import type { ReactNode } from "react";
import {
  AtSign,
  Combine,
  FilePen,
  Gauge,
  GitCompareArrows,
  Inbox,
  KeyRound,
  MessageSquare,
  ShieldAlert,
  UserCog,
  UserMinus,
  UserPlus,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Notice, NoticeKind } from "@satchel/protocol";
import { useReading } from "../../data/notices/use-notices.ts";
import { formatInstant } from "../../words/format.ts";
import { useNoticeWords } from "../../words/notices/use-notice-words.ts";
import { Row } from "../pane/rows.tsx";

const icons: Readonly<Record<NoticeKind, LucideIcon>> = {
  share_invitation: UserPlus,
  access_changed: UserCog,
  access_removed: UserMinus,
  link_upload: Inbox,
  texts_merged: Combine,
  conflict_waiting: GitCompareArrows,
  open_file_updated: FilePen,
  comment_mention: AtSign,
  comment_reply: MessageSquare,
  quota_nearly_full: Gauge,
  new_sign_in: KeyRound,
  malware_found: ShieldAlert,
  malware_held: ShieldAlert,
};

/** Where to deal with a notice; left out where there is nothing to do. */
const places: Partial<Readonly<Record<NoticeKind, string>>> = {
  share_invitation: "/shared",
  access_changed: "/shared",
  link_upload: "/activity",
  texts_merged: "/activity",
  conflict_waiting: "/conflicts",
  quota_nearly_full: "/settings/storage",
  new_sign_in: "/settings/devices",
  malware_found: "/activity",
  malware_held: "/admin/quarantine",
};

/** One notice, and the way to what it is about, on which it counts as read. */
export function NoticeRow({ notice }: { readonly notice: Notice }): ReactNode {
  const { t } = useNoticeWords();
  const { i18n } = useTranslation();
  const reading = useReading();
  const { id, kind, at, read } = notice;
  const place = places[kind];
  const words = useWords(notice);
  return (
    <Row
      title={words}
      facts={[formatInstant(at, i18n.language)]}
      icon={icons[kind]}
      badge={read ? undefined : t("new")}
    >
      {place === undefined ? null : (
        <Link
          to={place}
          className="button"
          aria-label={t("lookAt", { words })}
          onClick={() => {
            if (!read) reading.mutate({ ids: [id] });
          }}
        >
          {t("look")}
        </Link>
      )}
    </Row>
  );
}

function useWords({ kind, detail, times }: Notice): string {
  const { t } = useNoticeWords();
  // Whoever is erased has no name any more.
  const { folder = "", by = t("somebody"), name = "", device = "", finding = "", role } = detail;
  switch (kind) {
    case "share_invitation":
      return t("told.share_invitation", { by, folder });
    case "access_changed":
      return t("told.access_changed", { by, folder, role: isRole(role) ? t(`role.${role}`) : "" });
    case "access_removed":
      return t("told.access_removed", { by, folder });
    case "link_upload":
      return t("told.link_upload", { count: times, name, folder });
    case "texts_merged":
      return t("told.texts_merged", { count: times, name });
    case "conflict_waiting":
      return t("told.conflict_waiting", { count: times, name });
    case "open_file_updated":
      return t("told.open_file_updated", { count: times, by, name });
    case "comment_mention":
      return t("told.comment_mention", { by, name });
    case "comment_reply":
      return t("told.comment_reply", { count: times, by, name });
    case "quota_nearly_full":
      return t("told.quota_nearly_full");
    case "new_sign_in":
      return t("told.new_sign_in", { device });
    case "malware_found":
      return t("told.malware_found", { name, finding });
    case "malware_held":
      return t("told.malware_held", { count: times, finding });
  }
}

function isRole(role: string | undefined): role is "owner" | "editor" | "viewer" {
  return role === "owner" || role === "editor" || role === "viewer";
}
