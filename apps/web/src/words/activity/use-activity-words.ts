import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { activityEn } from "./en.ts";

await addWords("activity", {
  en: activityEn,
  de: async () => (await import("./de.ts")).activityDe,
  ar: async () => (await import("./ar.ts")).activityAr,
});

/** The words of the activity. They are there before anything that imports this is shown. */
export function useActivityWords() {
  return useTranslation("activity");
}
