import type { ReactNode } from "react";
import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./toasts.module.css";

/** Short words about what was just done, with the way to take it back. */
export function Toasts(): ReactNode {
  const { t } = useTranslation();
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport aria-label={t("app.messages")} className={styles.viewport}>
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className={styles.toast} data-type={toast.type}>
            <Toast.Title className={styles.words} />
            {toast.actionProps ? <Toast.Action className={styles.action} /> : null}
            <Toast.Close className={styles.close} aria-label={t("action.close")}>
              <X size={16} aria-hidden />
            </Toast.Close>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
