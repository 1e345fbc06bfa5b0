import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { offlineEn } from "./en.ts";

await addWords("offline", {
  en: offlineEn,
  de: async () => (await import("./de.ts")).offlineDe,
  ar: async () => (await import("./ar.ts")).offlineAr,
});

/** The words for when the server can't be reached. They are there before anything that imports this is shown. */
export function useOfflineWords() {
  return useTranslation("offline");
}
