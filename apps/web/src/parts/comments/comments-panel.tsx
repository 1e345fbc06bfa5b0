import { useState, type ReactNode } from "react";
import { X } from "lucide-react";
import type { CommentThread, EntryId, Passage } from "@satchel/protocol";
import { useCommenting, useComments } from "../../data/comments/use-comments.ts";
import { useCommentWords } from "../../words/comments/use-comment-words.ts";
import { BarButton } from "../pane/bar-button.tsx";
import { CommentForm } from "./comment-form.tsx";
import { newCommentId, ThreadView } from "./thread-view.tsx";
import styles from "./comments.module.css";

interface CommentsPanelProps {
  readonly fileId: EntryId;
  /** The words that are selected now; left out where there is no text to select in. */
  readonly selected?: (() => Passage | undefined) | undefined;
  /** Shows a passage in the text; undefined when its words are no more. Left out where there is no text to show it in. */
  readonly findPlace?: ((passage: Passage) => (() => void) | undefined) | undefined;
  readonly onClose: () => void;
}

/** What people say about a file, beside it. [CM10] */
export function CommentsPanel({ fileId, selected, findPlace, onClose }: CommentsPanelProps): ReactNode {
  const { t } = useCommentWords();
  const { data } = useComments(fileId);
  const commenting = useCommenting(fileId);
  /** What is being written about: null for the file as a whole. */
  const [subject, setSubject] = useState<Passage | null>();
  const [showsResolved, showResolved] = useState(false);
  const open = data?.filter(({ resolved }) => !resolved) ?? [];
  const resolved = data?.filter((thread) => thread.resolved) ?? [];
  const say = (text: string): void => {
    const passage = subject ?? null;
    commenting.mutate((calls) => calls.comment({ file_id: fileId, id: newCommentId(), text, passage }), {
      onSuccess: () => setSubject(undefined),
    });
  };
  const show = (thread: CommentThread): ReactNode => {
    const onShow = thread.passage && findPlace ? findPlace(thread.passage) : undefined;
    const isGone = thread.passage !== null && findPlace !== undefined && !onShow;
    return <ThreadView key={thread.id} fileId={fileId} thread={thread} onShow={onShow} isGone={isGone} />;
  };
  return (
    <aside className={styles.panel} aria-label={t("title")}>
      <header className={styles.head}>
        <h2>{t("title")}</h2>
        <BarButton words={t("close")} onClick={onClose}>
          <X size={18} aria-hidden />
        </BarButton>
      </header>
      {subject === undefined ? (
        <NewComment onBegin={setSubject} selected={selected} />
      ) : (
        <div className={styles.thread}>
          {subject ? (
            <blockquote className={styles.quote} dir="auto">
              {subject.quote}
            </blockquote>
          ) : null}
          <CommentForm
            label={t("text")}
            submit={t("submit")}
            isBusy={commenting.isPending}
            onSubmit={say}
            onCancel={() => setSubject(undefined)}
          />
        </div>
      )}
      {data?.length === 0 ? <p className={styles.soft}>{t("none")}</p> : null}
      <ul className={styles.threads}>
        {open.map(show)}
        {showsResolved ? resolved.map(show) : null}
      </ul>
      {resolved.length > 0 && !showsResolved ? (
        <button type="button" className="button quiet" onClick={() => showResolved(true)}>
          {t("showResolved", { count: resolved.length })}
        </button>
      ) : null}
    </aside>
  );
}

function NewComment({
  onBegin,
  selected,
}: Pick<CommentsPanelProps, "selected"> & { readonly onBegin: (subject: Passage | null) => void }): ReactNode {
  const { t } = useCommentWords();
  return (
    <div className={styles.new}>
      {selected ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            const passage = selected();
            if (passage) onBegin(passage);
          }}
        >
          {t("onWords")}
        </button>
      ) : null}
      <button type="button" className="button quiet" onClick={() => onBegin(null)}>
        {t("onFile")}
      </button>
      {selected ? <p className={styles.soft}>{t("hint")}</p> : null}
    </div>
  );
}
