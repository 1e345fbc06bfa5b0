import type { ReactNode } from "react";
import { MessageSquare } from "lucide-react";
import type { EntryId } from "@satchel/protocol";
import { useOpenThreads } from "../../data/comments/use-comments.ts";
import { useCommentWords } from "../../words/comments/use-comment-words.ts";
import { BarButton } from "../pane/bar-button.tsx";
import styles from "./comments.module.css";

/** Opens what people say about a file, and tells how much of it is open. */
export function CommentsButton({ fileId, onClick }: { readonly fileId: EntryId; onClick: () => void }): ReactNode {
  const { t } = useCommentWords();
  const count = useOpenThreads(fileId).length;
  return (
    <BarButton words={count === 0 ? t("title") : t("open", { count })} onClick={onClick}>
      <MessageSquare size={19} aria-hidden />
      {count === 0 ? null : (
        <span className={styles.count} aria-hidden>
          {count}
        </span>
      )}
    </BarButton>
  );
}
