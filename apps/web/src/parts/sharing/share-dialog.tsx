import type { ReactNode } from "react";
import { rootEntryId, workspaceOfEntry, type EntryId, type Share, type WorkspaceId } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShares } from "../../data/sharing/use-shares.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";
import { Loaded } from "../pane/loaded.tsx";
import { LeaveButton } from "./leave-button.tsx";
import { LinksSection } from "./links-section.tsx";
import { PeopleSection } from "./people-section.tsx";
import styles from "./sharing.module.css";

/** What is shared: a file or folder as its listing has it. */
export interface ShareSubject {
  readonly id: EntryId;
  readonly name: string;
  readonly type: "file" | "folder" | "link";
  /** Of a folder that is shared already. */
  readonly mounts?: WorkspaceId | undefined;
}

interface ShareDialogProps {
  readonly subject: ShareSubject;
  readonly onClose: () => void;
}

/** Who has it, and by which links. */
export function ShareDialog({ subject, onClose }: ShareDialogProps): ReactNode {
  const { t } = useSharingWords();
  const shares = useShares();
  return (
    <DialogFrame title={t("dialog.title", { name: subject.name })} className={styles.dialog} onClose={onClose}>
      <Loaded query={shares}>{(found) => <Sharing subject={subject} shares={found.shares} onClose={onClose} />}</Loaded>
      <DialogActions close={t("close")} />
    </DialogFrame>
  );
}

interface SharingProps extends ShareDialogProps {
  readonly shares: readonly Share[];
}

function Sharing({ subject, shares, onClose }: SharingProps): ReactNode {
  const { t } = useSharingWords();
  const { workspace } = useApp();
  const home = workspaceOfEntry(subject.id);
  // It becomes a shared one while the dialog is open.
  const share = shares.find(
    ({ workspace_id: id, mount_id: mount }) => id === (subject.mounts ?? home) || mount === subject.id,
  );
  const isNested = subject.mounts === undefined && home !== workspace.id && subject.id !== rootEntryId(home);
  const mayLink = home === workspace.id && !share ? true : share !== undefined && share.role !== "viewer";
  return (
    <>
      {subject.type === "folder" && !isNested ? <PeopleSection subject={subject} share={share} /> : null}
      {isNested && share ? <p className="lead">{t("dialog.nested", { name: share.name })}</p> : null}
      {mayLink ? <LinksSection subject={subject} /> : null}
      {share && share.role !== "owner" && !isNested ? <LeaveButton share={share} onLeft={onClose} /> : null}
    </>
  );
}
