import { useId, useState, type KeyboardEvent, type ReactNode, type SubmitEvent } from "react";
import { maxCommentLength } from "@satchel/protocol";
import { useCommentWords } from "../../words/comments/use-comment-words.ts";
import styles from "./comments.module.css";

interface CommentFormProps {
  readonly label: string;
  readonly submit: string;
  readonly isBusy: boolean;
  readonly onSubmit: (text: string) => void;
  readonly onCancel: () => void;
}

/** Where somebody writes what they have to say. */
export function CommentForm({ label, submit, isBusy, onSubmit, onCancel }: CommentFormProps): ReactNode {
  const { t } = useCommentWords();
  const id = useId();
  const [text, setText] = useState("");
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (text.trim() !== "") onSubmit(text.trim());
  };
  /** Esc leaves the form, and not all that is around it. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  };
  return (
    <form className={styles.form} onSubmit={send} onKeyDown={onKeyDown}>
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <textarea
        id={id}
        value={text}
        placeholder={label}
        maxLength={maxCommentLength}
        rows={3}
        dir="auto"
        autoFocus
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.actions}>
        <button type="button" className="button quiet" onClick={onCancel}>
          {t("cancel")}
        </button>
        <button type="submit" className="button primary" disabled={isBusy || text.trim() === ""}>
          {submit}
        </button>
      </div>
    </form>
  );
}
