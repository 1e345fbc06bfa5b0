import { useState, type ReactNode, type SubmitEvent } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Mail } from "lucide-react";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { formatInstant } from "../../words/format.ts";
import { Loaded } from "../pane/loaded.tsx";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import { CopyField } from "../settings/copy-field.tsx";
import styles from "../settings/settings.module.css";

/** Invitations that are open, and a new one. */
export function InvitationsSection(): ReactNode {
  const { t, i18n } = useAdminWords();
  const calls = useAdminCalls();
  const queries = useQueryClient();
  const open = useQuery({
    queryKey: ["admin", "invitations"],
    queryFn: ({ signal }) => calls.invitations({ signal }),
  });
  const takeBack = useMutation({
    mutationFn: (id: string) => calls.takeInvitationBack(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["admin", "invitations"] }),
  });
  return (
    <>
      <Section title={t("accounts.invite")} lead={t("invitations.lead")}>
        <InvitationForm />
      </Section>
      <Section title={t("tabs.invitations")}>
        <Loaded query={open}>
          {(found) =>
            found.length === 0 ? (
              <NoRows>{t("invitations.none")}</NoRows>
            ) : (
              <Rows label={t("tabs.invitations")}>
                {found.map(({ invitation_id: id, email, expires }) => (
                  <Row
                    key={id}
                    icon={Mail}
                    title={email ?? t("invitations.anybody")}
                    facts={[t("invitations.until", { time: formatInstant(expires, i18n.language) })]}
                  >
                    <button
                      type="button"
                      className="button"
                      aria-label={t("invitations.takeBackOf", { name: email ?? t("invitations.anybody") })}
                      onClick={() => takeBack.mutate(id)}
                    >
                      {t("invitations.takeBack")}
                    </button>
                  </Row>
                ))}
              </Rows>
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

function InvitationForm(): ReactNode {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const invite = useMutation({
    mutationFn: (to: string) => calls.invite(to === "" ? undefined : to),
    onSuccess: () => setEmail(""),
    onSettled: () => queries.invalidateQueries({ queryKey: ["admin", "invitations"] }),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    invite.mutate(email.trim());
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className="field">
        <label htmlFor="invitation-email">{t("invitations.email")}</label>
        <input
          id="invitation-email"
          type="email"
          maxLength={254}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </div>
      <p>
        <button type="submit" className="button primary" disabled={invite.isPending}>
          {t("invitations.submit")}
        </button>
      </p>
      {invite.data ? (
        <>
          <CopyField label={t("invitations.link")} value={invite.data.link} />
          <p className={styles.soft} role="status">
            {invite.data.mailed ? t("invitations.mailed", { email: invite.variables }) : t("invitations.handOver")}
          </p>
        </>
      ) : null}
    </form>
  );
}
