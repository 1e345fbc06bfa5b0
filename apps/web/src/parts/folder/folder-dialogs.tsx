import { lazy, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { freeName } from "../../data/commands/free-name.ts";
import { MoveDialog } from "../dialogs/move-dialog.tsx";
import { NameDialog } from "../dialogs/name-dialog.tsx";
import { VersionsDialog } from "../versions/versions-dialog.tsx";
import type { ShareSubject } from "../sharing/share-dialog.tsx";
import type { FolderCommands } from "./use-folder-commands.ts";
import type { FolderSelection } from "./use-selection.ts";

const PreviewDialog = lazy(async () => ({ default: (await import("../preview/preview-dialog.tsx")).PreviewDialog }));

const EditDialog = lazy(async () => ({ default: (await import("../editor/edit-dialog.tsx")).EditDialog }));

const ShareDialog = lazy(async () => ({ default: (await import("../sharing/share-dialog.tsx")).ShareDialog }));

/** The question that a folder asks at the moment. */
export type FolderDialog =
  | { readonly kind: "new-folder" }
  | { readonly kind: "new-file" }
  | { readonly kind: "rename"; readonly entry: Entry }
  | { readonly kind: "move"; readonly entries: readonly Entry[] }
  | { readonly kind: "preview"; readonly entry: Entry }
  | { readonly kind: "edit"; readonly entry: Entry }
  | { readonly kind: "versions"; readonly entry: Entry }
  | { readonly kind: "share"; readonly subject: ShareSubject };

interface FolderDialogsProps {
  readonly dialog: FolderDialog;
  /** Of the folder, in the order of its list. */
  readonly entries: readonly Entry[];
  readonly selection: FolderSelection;
  readonly commands: FolderCommands;
  readonly path: string;
  readonly show: (dialog: FolderDialog) => void;
  readonly onClose: () => void;
}

export function FolderDialogs(props: FolderDialogsProps): ReactNode {
  const { dialog, entries, commands, path, onClose } = props;
  const { t } = useTranslation();
  const taken = new Set(entries.map(({ name }) => name));
  switch (dialog.kind) {
    case "new-folder":
      return (
        <NameDialog
          title={t("nameDialog.folderTitle")}
          submit={t("nameDialog.create")}
          initial={freeName(t("nameDialog.folderDefault"), taken)}
          taken={taken}
          onName={(name) => start(commands.createFolder(name))}
          onClose={onClose}
        />
      );
    case "new-file":
      return (
        <NameDialog
          title={t("nameDialog.fileTitle")}
          submit={t("nameDialog.create")}
          initial={freeName(t("nameDialog.fileDefault"), taken)}
          taken={taken}
          onName={commands.createTextFile}
          onClose={onClose}
        />
      );
    case "rename": {
      const { entry } = dialog;
      taken.delete(entry.name);
      return (
        <NameDialog
          title={t("nameDialog.renameTitle", { name: entry.name })}
          submit={t("nameDialog.rename")}
          initial={entry.name}
          taken={taken}
          onName={(name) => (name === entry.name ? undefined : start(commands.rename(entry, name)))}
          onClose={onClose}
        />
      );
    }
    case "move":
      return (
        <MoveDialog
          entries={dialog.entries}
          startPath={path}
          onFolder={(folderId) => start(commands.moveTo(dialog.entries, folderId))}
          onClose={onClose}
        />
      );
    case "preview":
      return <Preview {...props} shown={dialog.entry} />;
    case "edit":
      return (
        <EditDialog entry={dialog.entry} isHere={entries.some(({ id }) => id === dialog.entry.id)} onClose={onClose} />
      );
    case "share":
      return <ShareDialog subject={dialog.subject} onClose={onClose} />;
    case "versions":
      return <VersionsDialog entry={dialog.entry} onClose={onClose} />;
  }
}

function Preview(props: FolderDialogsProps & { readonly shown: Entry }): ReactNode {
  const { shown, entries, selection, commands, show, onClose } = props;
  return (
    <PreviewDialog
      entry={entries.find(({ id }) => id === shown.id) ?? shown}
      files={entries.filter(({ type }) => type === "file")}
      onStep={(entry) => {
        // Whoever closes it is where they got to.
        selection.select(entry.id, "alone");
        show({ kind: "preview", entry });
      }}
      onDownload={(entry) => start(commands.download([entry]))}
      onEdit={(entry) => show({ kind: "edit", entry })}
      onVersions={(entry) => show({ kind: "versions", entry })}
      onClose={onClose}
    />
  );
}

function start(work: Promise<void>): void {
  work.catch((error: unknown) => reportError(error));
}
