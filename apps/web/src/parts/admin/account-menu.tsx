import type { ReactNode } from "react";
import { Menu } from "@base-ui/react/menu";
import { MoreVertical } from "lucide-react";
import type { AdminAccount } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import styles from "../shell/account-menu.module.css";

/** What an administrator does with an account. */
export type AccountCommand = "disable" | "enable" | "limit" | "reset";

interface AccountMenuProps {
  readonly account: AdminAccount;
  readonly onCommand: (command: AccountCommand) => void;
}

export function AccountMenu({ account, onCommand }: AccountMenuProps): ReactNode {
  const { t } = useAdminWords();
  const { user } = useApp();
  const commands: readonly AccountCommand[] = ["limit", "reset", account.disabled ? "enable" : "disable"];
  // Nobody disables their own account: the server wouldn't, either.
  const offered = commands.filter((command) => command !== "disable" || account.user !== user);
  return (
    <Menu.Root>
      <Menu.Trigger className="button quiet icon" aria-label={t("accounts.actions", { user: account.user })}>
        <MoreVertical size={18} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" className={styles.positioner}>
          <Menu.Popup className="menu">
            {offered.map((command) => (
              <Menu.Item key={command} onClick={() => onCommand(command)}>
                {t(`accounts.${command}`)}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
