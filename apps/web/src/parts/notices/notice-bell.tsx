import type { ReactNode } from "react";
import { Bell } from "lucide-react";
import { Link } from "wouter";
import { useNotices } from "../../data/notices/use-notices.ts";
import { useNoticeWords } from "../../words/notices/use-notice-words.ts";
import styles from "./notices.module.css";

/** The way to the notices, with the number of those that nobody read yet. */
export function NoticeBell(): ReactNode {
  const { t } = useNoticeWords();
  const { data } = useNotices();
  const unread = data?.pages[0]?.unread ?? 0;
  const words = unread === 0 ? t("title") : t("unread", { count: unread });
  return (
    <Link to="/notices" className={styles.bell} aria-label={words} title={words}>
      <Bell size={20} aria-hidden />
      {unread === 0 ? null : <b aria-hidden>{unread > 99 ? "99+" : unread}</b>}
    </Link>
  );
}
