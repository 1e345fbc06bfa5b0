import type { KeyboardEvent, RefObject } from "react";
import { singleKeysAreOn } from "../../data/shortcut-setting.ts";
import { backKey, forwardKey } from "../../data/reading-direction.ts";
import type { ViewSettings } from "../../data/files/view-settings.ts";
import type { Uploader } from "../uploads/use-uploader.tsx";
import type { FolderActions } from "./use-actions.ts";
import type { FolderCommands } from "./use-folder-commands.ts";
import type { Opening } from "./use-opening.ts";
import type { FolderSelection } from "./use-selection.ts";

interface KeyParts {
  readonly selection: FolderSelection;
  readonly actions: FolderActions;
  readonly commands: FolderCommands;
  readonly opening: Opening;
  readonly uploader: Uploader;
  /** Tiles beside each other, in the grid. */
  readonly columns: RefObject<number>;
  readonly settings: ViewSettings;
  readonly change: (change: Partial<ViewSettings>) => void;
  readonly newFolder: () => void;
  readonly mayWrite: boolean;
}

/** How far Page Up and Page Down go. */
const pageSteps = 15;

/** The keyboard in a folder, as the file managers that people know have it. */
export function useFolderKeys(parts: KeyParts): (event: KeyboardEvent) => void {
  return (event) => {
    // Keys of a menu or a field inside the list are theirs.
    if (event.target !== event.currentTarget) return;
    const work = findWork(event, parts);
    if (!work) return;
    event.preventDefault();
    const result = work();
    if (result instanceof Promise) result.catch((error: unknown) => reportError(error));
  };
}

type Work = () => unknown;

function findWork(event: KeyboardEvent, parts: KeyParts): Work | undefined {
  if (event.ctrlKey || event.metaKey) return withControl(event, parts);
  if (event.altKey) return event.key === "ArrowUp" ? parts.opening.up : undefined;
  return movement(event, parts) ?? editing(event, parts) ?? (singleKeysAreOn() ? singleKey(event, parts) : undefined);
}

function withControl(event: KeyboardEvent, { selection, actions, commands, mayWrite }: KeyParts): Work | undefined {
  const keys: Record<string, Work> = {
    a: selection.all,
    c: () => actions.run("copy"),
    x: () => actions.run("cut"),
    ...(mayWrite && { v: commands.paste }),
    z: commands.undo,
    " ": () => toggle(selection, "toggle"),
  };
  return keys[event.key.toLowerCase()];
}

function movement({ key, shiftKey }: KeyboardEvent, { selection, columns, settings }: KeyParts): Work | undefined {
  const reach = shiftKey ? "range" : "alone";
  const across = settings.mode === "grid" ? columns.current : 1;
  const steps: Record<string, number> = {
    ArrowDown: across,
    ArrowUp: -across,
    PageDown: pageSteps * across,
    PageUp: -pageSteps * across,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
    ...(settings.mode === "grid" ? { [forwardKey()]: 1, [backKey()]: -1 } : {}),
  };
  const wanted = steps[key];
  return wanted === undefined ? undefined : () => selection.move(wanted, reach);
}

function editing({ key, shiftKey }: KeyboardEvent, { selection, actions, opening }: KeyParts): Work | undefined {
  const keys: Record<string, Work> = {
    Enter: () => {
      const entry = selection.focusedEntry();
      if (entry) opening.open(entry);
    },
    // Looks at a file, as desktops do; a folder is selected, since there is nothing to look at.
    " ": () => {
      const entry = selection.focusedEntry();
      if (shiftKey || entry?.type !== "file") toggle(selection, shiftKey ? "range" : "toggle");
      else opening.open(entry);
    },
    Backspace: opening.up,
    F2: () => actions.run("rename"),
    Delete: () => actions.run("delete"),
    Escape: selection.clear,
  };
  return keys[key];
}

function toggle(selection: FolderSelection, reach: "range" | "toggle"): void {
  const { focus } = selection.current;
  if (focus !== undefined) selection.select(focus, reach);
}

function singleKey({ key }: KeyboardEvent, parts: KeyParts): Work | undefined {
  const { actions, uploader, settings, change, newFolder, mayWrite } = parts;
  const keys: Record<string, Work> = {
    ...(mayWrite && { n: newFolder, u: uploader.pickFiles }),
    e: () => actions.run("edit"),
    v: () => actions.run("versions"),
    g: () => change({ mode: settings.mode === "list" ? "grid" : "list" }),
  };
  return keys[key];
}
