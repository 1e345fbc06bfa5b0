import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { adminEn } from "./en.ts";

await addWords("admin", {
  en: adminEn,
  de: async () => (await import("./de.ts")).adminDe,
  ar: async () => (await import("./ar.ts")).adminAr,
});

/** The words of the administration. They are there before anything that imports this is shown. */
export function useAdminWords() {
  return useTranslation("admin");
}
