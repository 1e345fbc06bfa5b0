import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { FolderOpen, History, Search, Trash2, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { singleKeysAreOn } from "../../data/shortcut-setting.ts";
import { currentAddress } from "../../data/base-path.ts";
import { activityAddress, addressOf, pathOfAddress } from "../../data/files/path.ts";
import { UploadCorner } from "../uploads/upload-corner.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { BrandMark } from "./brand-mark.tsx";
import { ConflictsLink } from "./conflicts-link.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import { NavLink } from "./nav-link.tsx";
import { StorageMeter } from "./storage-meter.tsx";
import styles from "./shell.module.css";

const ShortcutsSheet = lazy(async () => ({ default: (await import("../dialogs/shortcuts-sheet.tsx")).ShortcutsSheet }));

const DeviceListPart = lazy(async () => ({ default: (await import("../devices/device-list.tsx")).DeviceListPart }));

const NoticeBell = lazy(async () => ({ default: (await import("../notices/notice-bell.tsx")).NoticeBell }));

interface ShellProps {
  readonly children: ReactNode;
}

/** What stays while pages change: the way around, the account, and uploads under way. */
export function Shell({ children }: ShellProps): ReactNode {
  const { t } = useTranslation();
  const [helpOpen, setHelpOpen] = useState(false);
  const [location, navigate] = useLocation();
  const search = searchAddress(location);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { key } = event;
      if (isTyping(event) || !singleKeysAreOn()) return;
      if (key === "?") setHelpOpen(true);
      if (key === "/" && search !== undefined) {
        event.preventDefault();
        navigate(search);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [search, navigate]);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t("app.skip")}
      </a>
      <header className={styles.header}>
        <Link to={addressOf("")} className={styles.brand}>
          <BrandMark size={28} />
          <span>{t("app.name")}</span>
        </Link>
        <ConnectionBadge />
        <Suspense>
          <NoticeBell />
        </Suspense>
        <AccountMenu onHelp={() => setHelpOpen(true)} />
      </header>
      <nav className={styles.nav} aria-label={t("nav.label")}>
        <NavLink to={addressOf("")} pattern="/files/*?" icon={FolderOpen} words={t("nav.files")} />
        <NavLink to={search ?? "/search"} pattern="/search" icon={Search} words={t("nav.search")} />
        <NavLink to="/shared" pattern="/shared" icon={Users} words={t("nav.shared")} />
        <NavLink to="/trash" pattern="/trash" icon={Trash2} words={t("nav.trash")} />
        <NavLink to={activityAddress} pattern="/activity/*?" icon={History} words={t("nav.activity")} />
        <ConflictsLink />
        <Suspense>
          <DeviceListPart />
        </Suspense>
        <StorageMeter />
      </nav>
      <main id="main" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <UploadCorner />
      <Suspense>{helpOpen ? <ShortcutsSheet onClose={() => setHelpOpen(false)} /> : null}</Suspense>
    </div>
  );
}

/** Where searching begins on this page: in the folder that it shows; undefined where it is searched already. */
function searchAddress(page: string): string | undefined {
  if (page.startsWith("/search")) return undefined;
  const folder = page.startsWith("/files/") ? pathOfAddress(currentAddress()) : "";
  return folder === "" ? "/search" : `/search?${new URLSearchParams({ where: folder }).toString()}`;
}

/** Whether a key is one of a text: also of the editor, which has a shadow root. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}
