import type { ReactNode } from "react";
import { Menu } from "@base-ui/react/menu";
import { Eye, FilePlus2, Files, FolderPlus, FolderUp, LayoutGrid, List, Plus, Upload, UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ViewSettings } from "../../data/files/view-settings.ts";
import type { Uploader } from "../uploads/use-uploader.tsx";
import styles from "./toolbar.module.css";

interface ToolbarProps {
  readonly settings: ViewSettings;
  readonly onChange: (change: Partial<ViewSettings>) => void;
  readonly onNewFolder: () => void;
  readonly onNewFile: () => void;
  readonly uploader: Uploader;
  readonly mayWrite: boolean;
  /** Not for the account's root folder. */
  readonly onShare: (() => void) | undefined;
}

/** What adds to a folder, and how it is shown. */
export function Toolbar(props: ToolbarProps): ReactNode {
  const { settings, onChange, mayWrite, onShare } = props;
  const { t } = useTranslation();
  const isList = settings.mode === "list";
  const otherView = isList ? t("action.grid") : t("action.list");
  return (
    <div className={styles.bar}>
      {mayWrite ? null : (
        <span className={styles.note}>
          <Eye size={16} aria-hidden />
          {t("files.viewOnly")}
        </span>
      )}
      {onShare ? (
        <button
          type="button"
          className="button quiet icon"
          onClick={onShare}
          aria-label={t("action.share")}
          title={t("action.share")}
        >
          <UserPlus size={18} aria-hidden />
        </button>
      ) : null}
      <button
        type="button"
        className="button quiet icon"
        onClick={() => onChange({ mode: isList ? "grid" : "list" })}
        aria-label={otherView}
        title={otherView}
      >
        {isList ? <LayoutGrid size={18} aria-hidden /> : <List size={18} aria-hidden />}
      </button>
      {mayWrite ? <Adding {...props} /> : null}
    </div>
  );
}

/** What comes into a folder from here. */
function Adding({ onNewFolder, onNewFile, uploader }: ToolbarProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="button">
          <Plus size={18} aria-hidden />
          {t("action.new")}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} className={styles.positioner}>
            <Menu.Popup className="menu">
              <Menu.Item onClick={onNewFolder}>
                <FolderPlus size={17} aria-hidden />
                {t("action.newFolder")}
                <kbd>N</kbd>
              </Menu.Item>
              <Menu.Item onClick={onNewFile}>
                <FilePlus2 size={17} aria-hidden />
                {t("action.newTextFile")}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Menu.Root>
        <Menu.Trigger className="button primary">
          <Upload size={18} aria-hidden />
          {t("action.upload")}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} className={styles.positioner}>
            <Menu.Popup className="menu">
              <Menu.Item onClick={uploader.pickFiles}>
                <Files size={17} aria-hidden />
                {t("action.uploadFiles")}
                <kbd>U</kbd>
              </Menu.Item>
              <Menu.Item onClick={uploader.pickFolder}>
                <FolderUp size={17} aria-hidden />
                {t("action.uploadFolder")}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}
