import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { noticesEn } from "./en.ts";

await addWords("notices", {
  en: noticesEn,
  de: async () => (await import("./de.ts")).noticesDe,
  ar: async () => (await import("./ar.ts")).noticesAr,
});

/** The words of notices. They are there before anything that imports this is shown. */
export function useNoticeWords() {
  return useTranslation("notices");
}
