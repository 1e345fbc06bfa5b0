import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { singleKeysAreOn, turnSingleKeys } from "../../data/shortcut-setting.ts";
import styles from "./shortcuts-sheet.module.css";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

const keys = [
  ["move", "↑ ↓"],
  ["range", "Shift + ↑ ↓"],
  ["toggle", "Ctrl + Space"],
  ["all", "Ctrl + A"],
  ["clear", "Esc"],
  ["open", "Enter"],
  ["preview", "Space"],
  ["up", "Backspace"],
  ["rename", "F2"],
  ["delete", "Del"],
  ["cut", "Ctrl + X"],
  ["copy", "Ctrl + C"],
  ["paste", "Ctrl + V"],
  ["undo", "Ctrl + Z"],
] as const;
const singleKeys = [
  ["newFolder", "N"],
  ["upload", "U"],
  ["edit", "E"],
  ["versions", "V"],
  ["view", "G"],
  ["search", "/"],
  ["help", "?"],
] as const;

interface ShortcutsSheetProps {
  readonly onClose: () => void;
}

/** Every key that does something, and the switch for the single ones. `?` shows it. */
export function ShortcutsSheet({ onClose }: ShortcutsSheetProps): ReactNode {
  const { t } = useTranslation();
  const [single, setSingle] = useState(singleKeysAreOn);
  const turn = (on: boolean): void => {
    turnSingleKeys(on);
    setSingle(on);
  };
  return (
    <DialogFrame title={t("shortcuts.title")} onClose={onClose}>
      <dl className={styles.keys}>
        {[...keys, ...(single ? singleKeys : [])].map(([name, written]) => (
          <div key={name}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>
              <kbd>{written}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <label className={styles.switch}>
        <input type="checkbox" checked={single} onChange={(event) => turn(event.target.checked)} />
        <span>
          {t("shortcuts.single")}
          <small>{t("shortcuts.singleHint")}</small>
        </span>
      </label>
      <DialogActions close={t("action.close")} />
    </DialogFrame>
  );
}
