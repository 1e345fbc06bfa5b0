import { useId, useState, type ReactNode, type SubmitEvent } from "react";
import type { LinkKind, NewShareLink } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { DialogField } from "./dialog-field.tsx";
import type { ShareSubject } from "./share-dialog.tsx";
import styles from "./sharing.module.css";

const minPasswordLength = 4;
const maxPasswordLength = 256;
const mostDownloads = 1_000_000;

interface LinkFormProps {
  readonly subject: ShareSubject;
  readonly onMade: (link: NewShareLink) => void;
  readonly onCancel: () => void;
}

/** What a new link is for, and how far it goes. */
export function LinkForm({ subject, onMade, onCancel }: LinkFormProps): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const [kind, setKind] = useState<LinkKind>("download");
  const [wish, setWish] = useState({ password: "", starts: "", expires: "", limit: "" });
  const make = useShareChange(async () => {
    onMade(
      await api.createLink({
        entryId: subject.id,
        kind,
        password: wish.password === "" ? undefined : wish.password,
        starts: instantOf(wish.starts),
        expires: instantOf(wish.expires),
        maxDownloads: kind === "view" || wish.limit === "" ? undefined : Number(wish.limit),
      }),
    );
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    make.mutate(undefined);
  };
  const field = (name: keyof typeof wish) => ({
    value: wish[name],
    onChange: (value: string) => setWish({ ...wish, [name]: value }),
  });
  return (
    <form className={styles.linkForm} onSubmit={submit}>
      <KindChoice subject={subject} kind={kind} onKind={setKind} />
      <details>
        <summary>{t("links.options")}</summary>
        <div className={styles.options}>
          <DialogField
            label={t("links.password")}
            hint={t("links.passwordHint")}
            type="password"
            autoComplete="new-password"
            minLength={minPasswordLength}
            maxLength={maxPasswordLength}
            {...field("password")}
          />
          <DialogField label={t("links.starts")} type="datetime-local" {...field("starts")} />
          <DialogField label={t("links.expires")} type="datetime-local" {...field("expires")} />
          {kind === "view" ? null : (
            <DialogField
              label={kind === "upload" ? t("links.uploadLimit") : t("links.limit")}
              type="number"
              min={1}
              max={mostDownloads}
              {...field("limit")}
            />
          )}
        </div>
      </details>
      <div className="actions">
        <button type="button" className="button" onClick={onCancel}>
          {t("cancel")}
        </button>
        <button type="submit" className="button primary" disabled={make.isPending}>
          {t("links.create")}
        </button>
      </div>
    </form>
  );
}

interface KindChoiceProps {
  readonly subject: ShareSubject;
  readonly kind: LinkKind;
  readonly onKind: (kind: LinkKind) => void;
}

function KindChoice({ subject, kind, onKind }: KindChoiceProps): ReactNode {
  const { t } = useSharingWords();
  const name = useId();
  const kinds = subject.type === "folder" ? (["download", "view", "upload"] as const) : (["download", "view"] as const);
  return (
    <fieldset className={styles.kinds}>
      <legend>{t("links.kindLabel")}</legend>
      {kinds.map((one) => (
        <label key={one}>
          <input type="radio" name={name} checked={one === kind} onChange={() => onKind(one)} />
          <span>
            {t(`links.kind.${one}`)}
            <small>{t(`links.kindLead.${one}`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** What the field says in the person's own time, as the server wants it. */
function instantOf(local: string): string | undefined {
  return local === "" ? undefined : new Date(local).toISOString();
}
