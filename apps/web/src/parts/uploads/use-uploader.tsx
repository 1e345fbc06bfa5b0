import { lazy, Suspense, useMemo, useRef, useState, type ReactNode } from "react";
import type { EntryId } from "@satchel/protocol";
import { useApp, type AppContext } from "../../data/app-context.ts";
import { newEntryId } from "../../data/commands/change-tree.ts";
import { readDrop, treeOfFiles, type DroppedFolder } from "../../data/uploads/dropped-tree.ts";
import type { Clash, ClashAnswer } from "../../data/uploads/plan-uploads.ts";
import { createFolders } from "../../data/uploads/create-folders.ts";
import { pickFiles } from "./pick-files.ts";
import { listFolder } from "../../data/files/list-folder.ts";

const ClashDialog = lazy(async () => ({ default: (await import("../dialogs/clash-dialog.tsx")).ClashDialog }));

/** Ways to bring files into a folder. */
export interface Uploader {
  pickFiles(): void;
  pickFolder(): void;
  uploadDrop(items: DataTransferItemList): void;
  /** The question about a taken name, while there is one. */
  readonly dialog: ReactNode;
}

interface Question {
  readonly clash: Clash;
  readonly answer: (answer: ClashAnswer, forAll: boolean) => void;
}

export function useUploader(folderId: EntryId): Uploader {
  const app = useApp();
  const [question, setQuestion] = useState<Question>();
  const asking = useRef(setQuestion);
  const ways = useMemo(() => {
    const bring = (dropped: Promise<DroppedFolder>): void => {
      dropped
        .then((tree) => upload(app, tree, folderId, createAsker(asking.current)))
        .catch((error: unknown) => reportError(error));
    };
    const pick = (folder: boolean): void => {
      pickFiles(folder, (files) => bring(Promise.resolve(treeOfFiles(files))));
    };
    return {
      pickFiles: () => pick(false),
      pickFolder: () => pick(true),
      uploadDrop: (items: DataTransferItemList) => bring(readDrop(items)),
    };
  }, [app, folderId]);
  const dialog = question ? (
    <Suspense>
      <ClashDialog key={question.clash.existing.id} clash={question.clash} onAnswer={question.answer} />
    </Suspense>
  ) : null;
  return { ...ways, dialog };
}

type Ask = (clash: Clash) => Promise<ClashAnswer>;

/** Asks one clash at a time, and none any more once an answer was meant for all. */
function createAsker(show: (question: Question | undefined) => void): Ask {
  let forAllOthers: ClashAnswer | undefined;
  return async (clash) => {
    if (forAllOthers !== undefined) return forAllOthers;
    return new Promise((resolve) => {
      show({
        clash,
        answer: (answer, forAll) => {
          if (forAll) forAllOthers = answer;
          show(undefined);
          resolve(answer);
        },
      });
    });
  };
}

async function upload({ api, workspace, uploads }: AppContext, tree: DroppedFolder, folderId: EntryId, answer: Ask) {
  const { planUploads } = await import("../../data/uploads/plan-uploads.ts");
  const plan = await planUploads(tree, folderId, {
    newId: newEntryId,
    list: (id) => listFolder(api, id),
    answer,
  });
  // A folder is there before what is in it. One that somebody else created meanwhile is told by its files.
  await createFolders(workspace, plan.folders);
  await uploads.add(plan.uploads);
}
