import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleUserRound } from "lucide-react";
import type { AdminAccount } from "@satchel/protocol";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { formatBytes, formatInstant } from "../../words/format.ts";
import { LoadedPages } from "../pane/loaded-pages.tsx";
import { Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import { AccountMenu, type AccountCommand } from "./account-menu.tsx";
import { AccountDialog } from "./account-dialog.tsx";
import { useAccountChange } from "./use-account-change.ts";

/** Everybody, what they use, and what can be done about it. */
export function AccountsSection(): ReactNode {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const [asked, setAsked] = useState<{ account: AdminAccount; command: Exclude<AccountCommand, "enable"> }>();
  const pages = useInfiniteQuery({
    queryKey: ["admin", "accounts"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => calls.accounts(pageParam, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
  const invite = (
    <Link to="/admin/invitations" className="button primary">
      {t("accounts.invite")}
    </Link>
  );
  return (
    <Section title={t("tabs.accounts")} lead={t("accounts.lead")} action={invite}>
      <LoadedPages query={pages}>
        {(found) => (
          <Rows label={t("tabs.accounts")}>
            {found
              .flatMap(({ accounts }) => accounts)
              .map((account) => (
                <AccountRow
                  key={account.account_id}
                  account={account}
                  onCommand={(command) => setAsked({ account, command })}
                />
              ))}
          </Rows>
        )}
      </LoadedPages>
      {asked ? <AccountDialog {...asked} onClose={() => setAsked(undefined)} /> : null}
    </Section>
  );
}

interface AccountRowProps {
  readonly account: AdminAccount;
  readonly onCommand: (command: Exclude<AccountCommand, "enable">) => void;
}

function AccountRow({ account, onCommand }: AccountRowProps): ReactNode {
  const { t, i18n } = useAdminWords();
  const size = (bytes: number): string => formatBytes(bytes, i18n.language);
  const time = (at: string): { time: string } => ({ time: formatInstant(at, i18n.language) });
  const used = size(account.used_bytes);
  const change = useAccountChange(account);
  const role = account.is_admin ? t("accounts.admin") : undefined;
  return (
    <Row
      icon={CircleUserRound}
      title={account.user}
      badge={account.disabled ? t("accounts.disabled") : role}
      facts={[
        account.email,
        account.quota_bytes === null
          ? t("accounts.used", { used })
          : t("accounts.usedOf", { used, quota: size(account.quota_bytes) }),
        t("accounts.since", time(account.created)),
        account.deletion_due === null ? undefined : t("accounts.deleting", time(account.deletion_due)),
      ]}
    >
      <AccountMenu
        account={account}
        onCommand={(command) => (command === "enable" ? change({ disabled: false }) : onCommand(command))}
      />
    </Row>
  );
}
