import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { searchEn } from "./en.ts";

await addWords("search", {
  en: searchEn,
  de: async () => (await import("./de.ts")).searchDe,
  ar: async () => (await import("./ar.ts")).searchAr,
});

/** The words of the search. They are there before anything that imports this is shown. */
export function useSearchWords() {
  return useTranslation("search");
}
