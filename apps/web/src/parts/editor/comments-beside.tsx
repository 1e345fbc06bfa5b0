import { useEffect, useState, type ReactNode } from "react";
import type { EntryId, Passage } from "@satchel/protocol";
import { passageAt, placesOf, spanOf } from "../../data/comments/passage-places.ts";
import { useOpenThreads } from "../../data/comments/use-comments.ts";
import type { SharedText } from "../../data/live/shared-text.ts";
import { CommentsPanel } from "../comments/comments-panel.tsx";
import type { OpenEditor } from "./text/open-editor.ts";

interface OpenText {
  readonly editor: OpenEditor | undefined;
  readonly shared: SharedText | undefined;
}

/** What people say about the text, beside the editor: closed until it is asked for. [CM10] */
export function useCommentsBeside(
  fileId: EntryId,
  text: OpenText,
): { readonly panel: ReactNode; readonly toggle: () => void } {
  const [isOpen, open] = useState(false);
  const passages = usePassages(fileId, text);
  return {
    toggle: () => open(!isOpen),
    panel: isOpen ? <CommentsPanel fileId={fileId} {...passages} onClose={() => open(false)} /> : null,
  };
}

/** What a panel of comments has to do with an editor. */
interface EditorPassages {
  selected(): Passage | undefined;
  findPlace(passage: Passage): (() => void) | undefined;
}

/** Marks what open threads are about in the editor; undefined until there is one. */
function usePassages(fileId: EntryId, { editor, shared }: OpenText): EditorPassages | undefined {
  const threads = useOpenThreads(fileId);
  useEffect(() => {
    if (editor && shared)
      editor.setPassages(threads.flatMap(({ passage }) => (passage && placesOf(shared, passage)) ?? []));
  }, [editor, shared, threads]);
  if (!editor || !shared) return undefined;
  return {
    selected: () => {
      const span = editor.selected();
      return span && passageAt(shared, span);
    },
    findPlace: (passage) => {
      const places = placesOf(shared, passage);
      if (!places) return undefined;
      return () => {
        const span = spanOf(shared.text, places);
        if (span) editor.show(span);
      };
    },
  };
}
