import type { ReactNode } from "react";
import type { ShareRole } from "@satchel/protocol";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import styles from "./sharing.module.css";

interface RoleChoiceProps<Role extends ShareRole> {
  readonly label: string;
  readonly roles: readonly Role[];
  readonly value: Role;
  readonly onChoose: (role: Role) => void;
}

/** What somebody may do, out of what can be given. */
export function RoleChoice<Role extends ShareRole>({
  label,
  roles,
  value,
  onChoose,
}: RoleChoiceProps<Role>): ReactNode {
  const { t } = useSharingWords();
  const wordsOf = (role: ShareRole): string => t(`role.${role}`);
  return (
    <select
      className={styles.role}
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = roles.find((role) => role === event.target.value);
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {wordsOf(role)}
        </option>
      ))}
    </select>
  );
}
