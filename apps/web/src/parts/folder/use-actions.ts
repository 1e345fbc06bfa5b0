import { useMemo } from "react";
import { Copy, Download, Eye, FolderInput, FolderOpen, History, Pencil, Scissors, Trash2 } from "lucide-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
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
  }, [selection, parts.commands, parts.opening, parts.show, t]);
}

function actionsOn(entries: readonly Entry[], parts: ActionParts, t: TFunction): EntryAction[] {
  const [first] = entries;
  if (!first) return [];
  const alone = entries.length === 1;
  const { commands, opening, show } = parts;
  const action = (
    key: string,
    icon: EntryAction["icon"],
    words: string,
    keys: string | undefined,
    run: () => unknown,
  ) => ({
    key,
    icon,
    words,
    keys,
    run: () => settle(run()),
  });
  return [
    ...(alone && first.type === "folder"
      ? [action("open", FolderOpen, t("action.open"), "Enter", () => opening.open(first))]
      : []),
    ...(alone && first.type === "file"
      ? [action("preview", Eye, t("action.preview"), t("keys.space"), () => opening.open(first))]
      : []),
    ...(entries.some(({ type }) => type !== "link")
      ? [action("download", Download, t("action.download"), undefined, () => commands.download(entries))]
      : []),
    ...(alone
      ? [action("rename", Pencil, t("action.rename"), "F2", () => show({ kind: "rename", entry: first }))]
      : []),
    action("move", FolderInput, t("action.move"), undefined, () => show({ kind: "move", entries })),
    action("cut", Scissors, t("action.cut"), "Ctrl+X", () => commands.cut(entries)),
    action("copy", Copy, t("action.copy"), "Ctrl+C", () => commands.copy(entries)),
    ...(alone && first.type === "file"
      ? [action("versions", History, t("action.versions"), "V", () => show({ kind: "versions", entry: first }))]
      : []),
    action("delete", Trash2, t("action.delete"), "Del", () => commands.remove(entries)),
  ];
}

function settle(result: unknown): void {
  if (result instanceof Promise) result.catch((error: unknown) => reportError(error));
}
