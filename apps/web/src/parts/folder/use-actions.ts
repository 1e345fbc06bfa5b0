import { useMemo } from "react";
import {
  CloudDownload,
  Copy,
  Download,
  Eye,
  FilePen,
  FolderInput,
  FolderMinus,
  FolderOpen,
  History,
  Pencil,
  Scissors,
  Trash2,
  UserPlus,
} from "lucide-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { isLiveText } from "../../data/live/is-live-text.ts";
import { canKeepFiles, keptIds } from "../../data/offline/kept-ids.ts";
import type { EntryAction, EntryActions } from "../file-list/entry-actions.ts";
import type { FolderDialog } from "./folder-dialogs.tsx";
import type { FolderCommands } from "./use-folder-commands.ts";
import type { Opening } from "./use-opening.ts";
import type { FolderSelection } from "./use-selection.ts";

interface ActionParts {
  readonly selection: FolderSelection;
  readonly commands: FolderCommands;
  readonly opening: Opening;
  readonly show: (dialog: FolderDialog) => void;
  readonly mayWrite: boolean;
}

/** The same actions for the menus, the bar and the keyboard. */
export interface FolderActions extends EntryActions {
  /** For what is selected; empty when nothing is. */
  forSelected(): readonly EntryAction[];
  run(key: string): void;
}

export function useActions(parts: ActionParts): FolderActions {
  const { t } = useTranslation();
  const { selection } = parts;
  return useMemo(() => {
    const meant = (entry: Entry): readonly Entry[] =>
      selection.current.selected.has(entry.id) ? selection.selectedEntries() : [entry];
    const forSelected = (): EntryAction[] => actionsOn(selection.selectedEntries(), parts, t);
    return {
      actionsFor: (entry) => actionsOn(meant(entry), parts, t),
      forSelected,
      run: (key) =>
        forSelected()
          .find((action) => action.key === key)
          ?.run(),
    };
  }, [selection, parts.commands, parts.opening, parts.show, parts.mayWrite, t]);
}

interface Choice extends Omit<EntryAction, "run"> {
  readonly isOffered: boolean;
  readonly work: () => unknown;
}

function actionsOn(entries: readonly Entry[], parts: ActionParts, t: TFunction): EntryAction[] {
  const [first] = entries;
  if (!first) return [];
  const choices = [...lookingAt(first, entries, parts, t), ...changing(first, entries, parts, t)];
  return choices
    .filter(({ isOffered }) => isOffered)
    .map(({ key, icon, words, keys, work }) => ({ key, icon, words, keys, run: () => settle(work()) }));
}

function lookingAt(
  first: Entry,
  entries: readonly Entry[],
  { commands, opening, show, mayWrite }: ActionParts,
  t: TFunction,
): Choice[] {
  const alone = entries.length === 1;
  const open = { work: () => opening.open(first) };
  const isKept = keptIds().has(first.id);
  return [
    {
      key: "open",
      icon: FolderOpen,
      words: t("action.open"),
      keys: "Enter",
      isOffered: alone && first.type === "folder",
      ...open,
    },
    {
      key: "preview",
      icon: Eye,
      words: t("action.preview"),
      keys: t("keys.space"),
      isOffered: alone && first.type === "file",
      ...open,
    },
    {
      key: "edit",
      icon: FilePen,
      words: t(mayWrite ? "action.edit" : "action.readAlong"),
      keys: "E",
      isOffered: alone && isLiveText(first),
      work: () => show({ kind: "edit", entry: first }),
    },
    {
      key: "download",
      icon: Download,
      words: t("action.download"),
      keys: undefined,
      isOffered: entries.some(({ type }) => type !== "link"),
      work: () => commands.download(entries),
    },
    {
      key: "keep",
      icon: CloudDownload,
      words: t(isKept ? "action.keepNot" : "action.keep"),
      keys: undefined,
      isOffered: alone && first.type === "file" && canKeepFiles(),
      work: () => commands.keep(first, !isKept),
    },
    {
      key: "share",
      icon: UserPlus,
      words: t("action.share"),
      keys: undefined,
      isOffered: alone && first.type !== "link",
      work: () => show({ kind: "share", subject: first }),
    },
    {
      key: "versions",
      icon: History,
      words: t("action.versions"),
      keys: "V",
      isOffered: alone && first.type === "file",
      work: () => show({ kind: "versions", entry: first }),
    },
  ];
}

function changing(
  first: Entry,
  entries: readonly Entry[],
  { commands, show, mayWrite }: ActionParts,
  t: TFunction,
): Choice[] {
  // A shared folder isn't deleted for everybody: it only goes from the account's own files.
  const isPutAway = entries.every(({ mounts }) => mounts !== undefined);
  return [
    {
      key: "rename",
      icon: Pencil,
      words: t("action.rename"),
      keys: "F2",
      isOffered: mayWrite && entries.length === 1,
      work: () => show({ kind: "rename", entry: first }),
    },
    {
      key: "move",
      icon: FolderInput,
      words: t("action.move"),
      keys: undefined,
      isOffered: mayWrite,
      work: () => show({ kind: "move", entries }),
    },
    {
      key: "cut",
      icon: Scissors,
      words: t("action.cut"),
      keys: "Ctrl+X",
      isOffered: mayWrite,
      work: () => commands.cut(entries),
    },
    {
      key: "copy",
      icon: Copy,
      words: t("action.copy"),
      keys: "Ctrl+C",
      isOffered: true,
      work: () => commands.copy(entries),
    },
    {
      key: "delete",
      icon: isPutAway ? FolderMinus : Trash2,
      words: isPutAway ? t("action.putAway") : t("action.delete"),
      keys: "Del",
      isOffered: mayWrite,
      work: () => commands.remove(entries),
    },
  ];
}

function settle(result: unknown): void {
  if (result instanceof Promise) result.catch((error: unknown) => reportError(error));
}
