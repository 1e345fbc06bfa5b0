import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { encodeIdPart, idPartBytes, type Comment, type CommentThread, type EntryId } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useCommenting } from "../../data/comments/use-comments.ts";
import { useIsOwner, useMayWrite } from "../../data/sharing/use-shares.ts";
import { useCommentWords } from "../../words/comments/use-comment-words.ts";
import { formatInstant } from "../../words/format.ts";
import { CommentForm } from "./comment-form.tsx";
import styles from "./comments.module.css";

interface ThreadViewProps {
  readonly fileId: EntryId;
  readonly thread: CommentThread;
  /** Shows the words in the text; undefined where they are no more, or there is no text to show them in. */
  readonly onShow: (() => void) | undefined;
  /** Whether its words are known not to be in the text any more. */
  readonly isGone: boolean;
}

/** What is said about some words, and what there is to answer. */
export function ThreadView({ fileId, thread, onShow, isGone }: ThreadViewProps): ReactNode {
  const { t } = useCommentWords();
  const { user } = useApp();
  const mayWrite = useMayWrite(fileId);
  const commenting = useCommenting(fileId);
  const [isAnswering, setAnswering] = useState(false);
  const { id, passage, resolved, resolved_by: resolvedBy, comments } = thread;
  const thread_id = id;
  const mayResolve = mayWrite || comments[0]?.author === user;
  const answer = (text: string): void =>
    commenting.mutate((calls) => calls.comment({ file_id: fileId, id: newCommentId(), text, thread_id }), {
      onSuccess: () => setAnswering(false),
    });
  const resolve = (): void =>
    commenting.mutate((calls) => calls.resolveThread({ file_id: fileId, thread_id, resolved: !resolved }));
  return (
    <li className={styles.thread} data-resolved={resolved}>
      {passage ? <Quote quote={passage.quote} onShow={onShow} isGone={isGone} /> : null}
      {resolved ? (
        <p className={styles.soft}>{resolvedBy === null ? t("resolved") : t("resolvedBy", { name: resolvedBy })}</p>
      ) : null}
      <ul className={styles.comments}>
        {comments.map((comment) => (
          <CommentView key={comment.id} fileId={fileId} comment={comment} />
        ))}
      </ul>
      {isAnswering ? (
        <CommentForm
          label={t("answerText")}
          submit={t("answer")}
          isBusy={commenting.isPending}
          onSubmit={answer}
          onCancel={() => setAnswering(false)}
        />
      ) : (
        <div className={styles.actions}>
          {mayResolve ? (
            <button type="button" className="button quiet" disabled={commenting.isPending} onClick={resolve}>
              {t(resolved ? "reopen" : "resolve")}
            </button>
          ) : null}
          <button type="button" className="button quiet" onClick={() => setAnswering(true)}>
            {t("answer")}
          </button>
        </div>
      )}
    </li>
  );
}

/** An id that nobody has. */
export function newCommentId(): string {
  return encodeIdPart(crypto.getRandomValues(new Uint8Array(idPartBytes)));
}

function Quote({ quote, onShow, isGone }: Pick<ThreadViewProps, "onShow" | "isGone"> & { quote: string }): ReactNode {
  const { t } = useCommentWords();
  return (
    <>
      {onShow ? (
        <button type="button" className={styles.quote} onClick={onShow} aria-label={t("quote", { quote })} dir="auto">
          {quote}
        </button>
      ) : (
        <blockquote className={styles.quote} data-gone={isGone} dir="auto">
          {quote}
        </blockquote>
      )}
      {isGone ? <p className={styles.soft}>{t("gone")}</p> : null}
    </>
  );
}

function CommentView({ fileId, comment }: { readonly fileId: EntryId; readonly comment: Comment }): ReactNode {
  const { t } = useCommentWords();
  const { i18n } = useTranslation();
  const { user } = useApp();
  const commenting = useCommenting(fileId);
  const { id, author, text, at } = comment;
  const isOwner = useIsOwner(fileId);
  const mayRemove = author === user || isOwner;
  return (
    <li>
      <p className={styles.author}>
        <strong>{author ?? t("somebody")}</strong> <time dateTime={at}>{formatInstant(at, i18n.language)}</time>
      </p>
      {text === null ? (
        <p className={styles.soft}>{t("removed")}</p>
      ) : (
        <p className={styles.words} dir="auto">
          {text}
        </p>
      )}
      {mayRemove && text !== null ? (
        <button
          type="button"
          className={styles.remove}
          disabled={commenting.isPending}
          onClick={() => commenting.mutate((calls) => calls.deleteComment({ file_id: fileId, id }))}
        >
          {t("remove")}
        </button>
      ) : null}
    </li>
  );
}
