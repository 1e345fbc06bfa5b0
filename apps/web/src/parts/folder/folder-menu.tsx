import { useState, type ReactNode } from "react";
import { ContextMenu } from "@base-ui/react/context-menu";
import { ClipboardPaste, FolderPlus, History } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { currentAddress } from "../../data/base-path.ts";
import { clipboard } from "../../data/commands/clipboard.ts";
import type { Entry } from "../../data/files/entry.ts";
import { activityAddress, addressOf, pathOfAddress } from "../../data/files/path.ts";
import { entryAt } from "./entry-at.ts";
import type { FolderDialog } from "./folder-dialogs.tsx";
import type { FolderActions } from "./use-actions.ts";
import type { FolderCommands } from "./use-folder-commands.ts";
import type { FolderSelection } from "./use-selection.ts";
import styles from "./folder-menu.module.css";

interface FolderMenuProps {
  readonly selection: FolderSelection;
  readonly entries: readonly Entry[];
  readonly actions: FolderActions;
  readonly commands: FolderCommands;
  readonly show: (dialog: FolderDialog) => void;
  readonly mayWrite: boolean;
  readonly children: ReactNode;
}

/** The right mouse button: on an entry what can be done with it, beside all entries what can be done here. */
export function FolderMenu(props: FolderMenuProps): ReactNode {
  const { selection, entries, actions, commands, show, mayWrite, children } = props;
  const { t } = useTranslation();
  const [entry, setEntry] = useState<Entry>();
  const [, navigate] = useLocation();
  const showActivity = (): void => navigate(addressOf(pathOfAddress(currentAddress()), activityAddress));
  const paste = (): void => {
    commands.paste().catch((error: unknown) => reportError(error));
  };
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        className={styles.area}
        onContextMenu={(event) => {
          const found = entryAt(event.target, entries);
          setEntry(found);
          if (found && !selection.current.selected.has(found.id)) selection.select(found.id, "alone");
        }}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={styles.positioner}>
          <ContextMenu.Popup className="menu">
            {entry ? (
              actions.actionsFor(entry).map(({ key, icon: Icon, words, keys, run }) => (
                <ContextMenu.Item key={key} onClick={run} className={key === "delete" ? "danger" : undefined}>
                  <Icon size={17} aria-hidden />
                  {words}
                  {keys === undefined ? null : <kbd>{keys}</kbd>}
                </ContextMenu.Item>
              ))
            ) : (
              <>
                <ContextMenu.Item onClick={() => show({ kind: "new-folder" })} disabled={!mayWrite}>
                  <FolderPlus size={17} aria-hidden />
                  {t("action.newFolder")}
                  <kbd>N</kbd>
                </ContextMenu.Item>
                <ContextMenu.Item onClick={paste} disabled={!mayWrite || !clipboard.get()}>
                  <ClipboardPaste size={17} aria-hidden />
                  {t("action.paste")}
                  <kbd>Ctrl+V</kbd>
                </ContextMenu.Item>
                <ContextMenu.Item onClick={showActivity}>
                  <History size={17} aria-hidden />
                  {t("nav.activity")}
                </ContextMenu.Item>
              </>
            )}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
