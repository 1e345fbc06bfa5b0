import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { settingsEn } from "./en.ts";

await addWords("settings", {
  en: settingsEn,
  de: async () => (await import("./de.ts")).settingsDe,
  ar: async () => (await import("./ar.ts")).settingsAr,
});

/** The words of the settings. They are there before anything that imports this is shown. */
export function useSettingsWords() {
  return useTranslation("settings");
}
