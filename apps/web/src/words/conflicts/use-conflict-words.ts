import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { conflictsEn } from "./en.ts";

await addWords("conflicts", {
  en: conflictsEn,
  de: async () => (await import("./de.ts")).conflictsDe,
  ar: async () => (await import("./ar.ts")).conflictsAr,
});

/** The words of the conflict inbox. They are there before anything that imports this is shown. */
export function useConflictWords() {
  return useTranslation("conflicts");
}
