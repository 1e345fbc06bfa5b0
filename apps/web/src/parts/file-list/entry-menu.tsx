import type { ReactNode } from "react";
import { Menu } from "@base-ui/react/menu";
import { MoreVertical } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { useEntryActions, type EntryAction } from "./entry-actions.ts";
import styles from "./entry-menu.module.css";

/** The three dots beside an entry: for fingers, and for those who don't know the right mouse button. */
export function EntryMenuButton({ entry }: { readonly entry: Entry }): ReactNode {
  const { t } = useTranslation();
  const { actionsFor } = useEntryActions();
  return (
    <Menu.Root>
      <Menu.Trigger
        className={styles.button}
        aria-label={t("action.actionsOf", { name: entry.name })}
        tabIndex={-1}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <MoreVertical size={18} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" className={styles.positioner}>
          <Menu.Popup className="menu" onClick={(event) => event.stopPropagation()}>
            {actionsFor(entry).map((action) => (
              <MenuAction key={action.key} action={action} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function MenuAction({ action }: { readonly action: EntryAction }): ReactNode {
  const { icon: Icon, words, keys, run, key } = action;
  return (
    <Menu.Item onClick={run} className={key === "delete" ? "danger" : undefined}>
      <Icon size={17} aria-hidden />
      {words}
      {keys === undefined ? null : <kbd>{keys}</kbd>}
    </Menu.Item>
  );
}
