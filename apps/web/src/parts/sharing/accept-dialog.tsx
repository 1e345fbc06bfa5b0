import { useId, useState, type ReactNode, type SubmitEvent } from "react";
import type { ReceivedInvitation } from "@satchel/protocol";
import { useTranslation } from "react-i18next";
import { useApp } from "../../data/app-context.ts";
import type { Entry } from "../../data/files/entry.ts";
import { useFolderId } from "../../data/files/use-folder.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { FolderChooser } from "../dialogs/folder-chooser.tsx";
import { nameProblem } from "../dialogs/name-problem.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";
import styles from "./sharing.module.css";

interface AcceptDialogProps {
  readonly invitation: ReceivedInvitation;
  readonly onClose: () => void;
}

const nothingTaken: ReadonlySet<string> = new Set();
/** Shared folders don't lie in one another. */
const isShared = ({ mounts }: Entry): boolean => mounts !== undefined;

/** Where an invited folder is to lie, and what it is called there. */
export function AcceptDialog({ invitation, onClose }: AcceptDialogProps): ReactNode {
  const { t } = useSharingWords();
  const { t: tell } = useTranslation();
  const { api } = useApp();
  const id = useId();
  const { name: given, workspace_id: workspaceId } = invitation;
  const [name, setName] = useState(given);
  const [path, setPath] = useState("");
  const folderId = useFolderId(path);
  const problem = nameProblem(tell, name, nothingTaken) ?? "";
  const accept = useShareChange(
    // Left as it is called, the server finds a free name.
    () => api.acceptShare({ workspaceId, parentId: folderId ?? undefined, name: name === given ? undefined : name }),
    () => t("accept.done", { name }),
    { limit_exceeded: () => t("dialog.full") },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (problem === "" && folderId) accept.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <DialogFrame title={t("accept.title", { name: given })} lead={t("accept.lead")} onClose={onClose}>
      <form className={styles.accept} onSubmit={submit}>
        <div className="field">
          <label htmlFor={id}>{t("accept.name")}</label>
          <input
            id={id}
            value={name}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem !== ""}
            aria-describedby={`${id}-problem`}
            onChange={(event) => setName(event.target.value)}
          />
          <p id={`${id}-problem`} className="problem" role="alert">
            {problem}
          </p>
        </div>
        <div className={styles.place} role="group" aria-label={t("accept.place")}>
          <FolderChooser path={path} folderId={folderId} onPath={setPath} leaveOut={isShared} />
        </div>
        <DialogActions close={t("cancel")}>
          <button type="submit" className="button primary" disabled={!folderId || accept.isPending}>
            {t("accept.submit")}
          </button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
