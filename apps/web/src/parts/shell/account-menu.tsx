import { useState, type ReactNode } from "react";
import { Menu } from "@base-ui/react/menu";
import { Check, CircleUserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useApp } from "../../data/app-context.ts";
import { basePath } from "../../data/base-path.ts";
import { chosenTheme, chooseTheme, themes, type Theme } from "../../data/theme.ts";
import { chooseLanguage, languages, type Language } from "../../words/words.ts";
import styles from "./account-menu.module.css";

interface AccountMenuProps {
  readonly onHelp: () => void;
}

/** Who is signed in, how the app looks and speaks, and the way out. */
export function AccountMenu({ onHelp }: AccountMenuProps): ReactNode {
  const { t } = useTranslation();
  const { session, user } = useApp();
  const [, navigate] = useLocation();
  const signOut = (): void => {
    session.signOut().catch((error: unknown) => reportError(error));
  };
  return (
    <Menu.Root>
      <Menu.Trigger className="button quiet" aria-label={t("nav.account", { user })}>
        <CircleUserRound size={20} aria-hidden />
        <span className={styles.user}>{user}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={styles.positioner}>
          <Menu.Popup className="menu">
            <ThemeChoice />
            <Menu.Separator />
            <LanguageChoice />
            <Menu.Separator />
            <Menu.Item onClick={onHelp}>
              {t("nav.shortcuts")}
              <kbd>?</kbd>
            </Menu.Item>
            <Menu.LinkItem href={`${basePath}/docs`} target="_blank" rel="noopener">
              {t("nav.documentation")}
            </Menu.LinkItem>
            <Menu.Item onClick={() => navigate("/settings")}>{t("nav.settings")}</Menu.Item>
            <Menu.Item onClick={signOut}>{t("nav.signOut")}</Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const themeWords = { system: "nav.themeSystem", light: "nav.themeLight", dark: "nav.themeDark" } as const;

function ThemeChoice(): ReactNode {
  const { t } = useTranslation();
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (next: Theme): void => {
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <Menu.RadioGroup value={theme} onValueChange={choose}>
      <Menu.GroupLabel className={styles.label}>{t("nav.theme")}</Menu.GroupLabel>
      {themes.map((choice) => (
        <Menu.RadioItem key={choice} value={choice} closeOnClick={false}>
          <span className={styles.mark}>
            <Menu.RadioItemIndicator>
              <Check size={16} aria-hidden />
            </Menu.RadioItemIndicator>
          </span>
          {t(themeWords[choice])}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function LanguageChoice(): ReactNode {
  const { t, i18n } = useTranslation();
  const choose = (language: Language): void => {
    chooseLanguage(language).catch((error: unknown) => reportError(error));
  };
  return (
    <Menu.RadioGroup value={i18n.resolvedLanguage} onValueChange={choose}>
      <Menu.GroupLabel className={styles.label}>{t("nav.language")}</Menu.GroupLabel>
      {Object.entries(languages).map(([tag, name]) => (
        <Menu.RadioItem key={tag} value={tag} closeOnClick={false} lang={tag}>
          <span className={styles.mark}>
            <Menu.RadioItemIndicator>
              <Check size={16} aria-hidden />
            </Menu.RadioItemIndicator>
          </span>
          {name}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
