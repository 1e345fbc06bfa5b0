import { useMemo } from "react";
import { Toast } from "@base-ui/react/toast";
import { ProblemError, type EntryId } from "@satchel/protocol";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useApp, type AppContext } from "../../data/app-context.ts";
import { createFolder, moveEntries, newEntryId, removeEntries, type Move } from "../../data/commands/change-tree.ts";
import { clipboard } from "../../data/commands/clipboard.ts";
import { crossesBorder } from "../../data/commands/crosses-border.ts";
import { freeName } from "../../data/commands/free-name.ts";
import type { Outcome } from "../../data/commands/outcome.ts";
import { startDownload } from "../../data/files/download.ts";
import type { Entry } from "../../data/files/entry.ts";
import type { FolderListing } from "../../data/files/folder-listing.ts";
import { actionToastMs } from "../toasts/action-toast.ts";
import { problemWords } from "../../words/words.ts";

/** What can be done in a folder. Each says what came of it, and offers to take it back. */
export interface FolderCommands {
  createFolder(name: string): Promise<void>;
  createTextFile(name: string): void;
  rename(entry: Entry, name: string): Promise<void>;
  moveTo(entries: readonly Entry[], folderId: EntryId): Promise<void>;
  remove(entries: readonly Entry[]): Promise<void>;
  cut(entries: readonly Entry[]): void;
  copy(entries: readonly Entry[]): void;
  paste(): Promise<void>;
  undo(): Promise<void>;
  /** One file as it is; several, or a folder, as one zip file. */
  download(entries: readonly Entry[]): Promise<void>;
  /** Keeps a file in this browser, to be read without the server, or no longer. */
  keep(entry: Entry, isKept: boolean): Promise<void>;
}

export function useFolderCommands(listing: FolderListing, folderName: string): FolderCommands {
  const app = useApp();
  const { t } = useTranslation();
  const { add } = Toast.useToastManager();
  return useMemo(() => {
    const teller = createTeller(app, t, add);
    const download = (entries: readonly Entry[]): Promise<void> => bringHome(app, entries, folderName, teller, t);
    const keep = (entry: Entry, isKept: boolean): Promise<void> => keepHere(app, { entry, isKept }, teller, t);
    return { ...changing(app, listing, teller, t), ...pasting(app, listing, teller, t), download, keep };
  }, [app, listing, folderName, t, add]);
}

/** Says what came of a command. */
interface Teller {
  say(words: string): void;
  /** Says why nothing was done. */
  refuse(words: string): void;
  /** Says that something was refused. @throws what is no refusal */
  sayRefusal(error: unknown): void;
  tell(work: Promise<Outcome>, words: (done: number) => string): Promise<void>;
}

type AddToast = ReturnType<typeof Toast.useToastManager>["add"];

function createTeller({ undo }: AppContext, t: TFunction, add: AddToast): Teller {
  const sayFailures = ({ failures }: Outcome): void => {
    const [first] = failures;
    if (!first) return;
    const reason = problemWords(t, first.code);
    add({ type: "error", title: t("done.failed", { count: failures.length, name: first.name, reason }) });
  };
  const sayRefusal = (error: unknown): void => {
    if (!(error instanceof ProblemError)) throw error;
    add({ type: "error", title: problemWords(t, error.code) });
  };
  return {
    say: (words) => add({ title: words }),
    refuse: (words) => add({ type: "error", title: words }),
    sayRefusal,
    async tell(work, words) {
      try {
        const outcome = await work;
        sayFailures(outcome);
        if (outcome.done === 0) return;
        const takeBack = undo.remember(outcome);
        const onClick = (): void => {
          takeBack?.()
            .then((undone) => sayFailures(undone))
            .then(() => add({ title: t("done.undone") }))
            .catch((error: unknown) => reportError(error));
        };
        const action = takeBack ? { timeout: actionToastMs, actionProps: { children: t("action.undo"), onClick } } : {};
        add({ title: words(outcome.done), ...action });
      } catch (error) {
        sayRefusal(error);
      }
    },
  };
}

async function bringHome(
  { api }: AppContext,
  entries: readonly Entry[],
  folderName: string,
  { say, sayRefusal }: Teller,
  t: TFunction,
): Promise<void> {
  const [first, ...others] = entries;
  try {
    if (first?.type === "file" && others.length === 0) return await startDownload(api, first);
    const { archiveName, downloadArchive } = await import("../../data/files/download-archive.ts");
    const name = archiveName(entries, folderName);
    say(t("done.archive", { name }));
    await downloadArchive(api, entries, name);
  } catch (error) {
    sayRefusal(error);
  }
}

async function keepHere(
  { api, workspace }: AppContext,
  { entry, isKept }: { readonly entry: Entry; readonly isKept: boolean },
  { say, refuse }: Teller,
  t: TFunction,
): Promise<void> {
  const { dropFile, keepFile } = await import("../../data/offline/kept-files.ts");
  const { name } = entry;
  try {
    await (isKept ? keepFile(api, entry) : dropFile(entry.id));
    if (isKept) (await import("../../data/offline/refresh-kept.ts")).followKept(api, workspace);
    say(t(isKept ? "done.kept" : "done.keptNot", { name }));
  } catch {
    // Whatever it was, a browser says no more than that it didn't work.
    refuse(t("done.keepFailed", { name }));
  }
}

function changing(
  app: AppContext,
  listing: FolderListing,
  teller: Teller,
  t: TFunction,
): Pick<FolderCommands, "createFolder" | "createTextFile" | "rename" | "moveTo" | "remove" | "undo"> {
  const { api, workspace, uploads, undo } = app;
  const { tell, say } = teller;
  const { folderId } = listing;
  return {
    async createFolder(name) {
      const created = createFolder(workspace, { parentId: folderId, name });
      await tell(
        created.then(({ outcome }) => outcome),
        () => t("done.created", { name }),
      );
    },
    createTextFile(name) {
      const file = new File([], name, { lastModified: Date.now() });
      const id = newEntryId(folderId);
      const wanted = { file, name, folderId, target: { kind: "create", id, parentId: folderId, name } } as const;
      uploads.add([wanted]).catch((error: unknown) => reportError(error));
    },
    async rename(entry, name) {
      const from = { parentId: folderId, name: entry.name };
      await tell(moveEntries(workspace, [{ entry, from, to: { parentId: folderId, name } }]), () =>
        t("done.renamed", { name }),
      );
    },
    async moveTo(entries, toId) {
      const moves = entries.map((entry) => movedTo(entry, folderId, toId));
      await bringOver(app, moves, teller, t);
    },
    async remove(entries) {
      const isPutAway = entries.every(({ mounts }) => mounts !== undefined);
      const words = isPutAway ? "done.putAway" : "done.deleted";
      await tell(removeEntries(api, workspace, entries, folderId), (count) => t(words, { count }));
    },
    async undo() {
      const undone = await undo.undoLast();
      say(undone ? t("done.undone") : t("done.nothingToUndo"));
    },
  };
}

/** Within a workspace by name alone, over the border of a shared folder with all versions; a shared folder itself lies in no other. */
async function bringOver(
  { api, workspace }: AppContext,
  moves: readonly Move[],
  { tell, refuse }: Teller,
  t: TFunction,
): Promise<void> {
  const isOver = moves.some(({ entry, to }) => crossesBorder([entry], to.parentId));
  if (isOver && moves.some(({ entry }) => entry.mounts !== undefined)) return refuse(t("done.nested"));
  const move = isOver
    ? import("../../data/commands/move-across.ts").then(({ moveAcross }) => moveAcross(api, workspace, moves))
    : moveEntries(workspace, moves);
  await tell(move, (count) => t("done.moved", { count }));
}

function pasting(
  app: AppContext,
  { folderId, entries: here }: FolderListing,
  teller: Teller,
  t: TFunction,
): Pick<FolderCommands, "cut" | "copy" | "paste"> {
  const { api, workspace } = app;
  const { tell, say, refuse } = teller;
  return {
    cut(entries) {
      clipboard.set({ kind: "cut", fromId: folderId, entries });
      say(t("done.cut", { count: entries.length }));
    },
    copy(entries) {
      clipboard.set({ kind: "copy", fromId: folderId, entries });
      say(t("done.copiedToClipboard", { count: entries.length }));
    },
    async paste() {
      const pasted = clipboard.get();
      if (!pasted || (pasted.kind === "cut" && pasted.fromId === folderId)) return;
      if (pasted.kind === "cut") {
        clipboard.set(undefined);
        const moves = pasted.entries.map((entry) => movedTo(entry, pasted.fromId, folderId));
        return bringOver(app, moves, teller, t);
      }
      const isOfShared = pasted.entries.some(({ mounts }) => mounts !== undefined);
      if (isOfShared || crossesBorder(pasted.entries, folderId)) return refuse(t("done.border"));
      const taken = new Set([...here.values()].map(({ name }) => name));
      const copies = pasted.entries.map((entry) => {
        const name = freeName(entry.name, taken);
        taken.add(name);
        return { entry, to: { parentId: folderId, name } };
      });
      const count = copies.length;
      const { copyEntries } = await import("../../data/commands/copy-entries.ts");
      return tell(copyEntries(api, workspace, copies), () => t("done.copied", { count }));
    },
  };
}

function movedTo(entry: Entry, fromId: EntryId, toId: EntryId): Move {
  return { entry, from: { parentId: fromId, name: entry.name }, to: { parentId: toId, name: entry.name } };
}
