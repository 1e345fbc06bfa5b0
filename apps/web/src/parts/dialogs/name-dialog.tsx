import { useRef, useState, type ReactNode, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { nameProblem } from "./name-problem.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

interface NameDialogProps {
  readonly title: string;
  readonly submit: string;
  readonly initial: string;
  /** Names that can't be chosen. */
  readonly taken: ReadonlySet<string>;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}

/** Asks for a name: of something new, or a new one. */
export function NameDialog({ title, submit, initial, taken, onName, onClose }: NameDialogProps): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState(initial);
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const problem = nameProblem(t, name, taken);

  function choose(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    setTried(true);
    if (problem !== undefined) return field.current?.focus();
    onName(name);
    onClose();
  }

  const focusStem = (): HTMLInputElement | null => {
    const dot = initial.lastIndexOf(".");
    field.current?.setSelectionRange(0, dot > 0 ? dot : initial.length);
    return field.current;
  };
  const shown = problem !== undefined && (tried || name !== initial) ? problem : "";
  return (
    <DialogFrame title={title} onClose={onClose} initialFocus={focusStem}>
      <form onSubmit={choose}>
        <div className="field">
          <label htmlFor="entry-name">{t("nameDialog.label")}</label>
          <input
            id="entry-name"
            ref={field}
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={shown !== ""}
            aria-describedby="entry-name-problem"
          />
          <p id="entry-name-problem" className="problem" role="alert">
            {shown}
          </p>
        </div>
        <DialogActions close={t("action.cancel")}>
          <button type="submit" className="button primary">
            {submit}
          </button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
