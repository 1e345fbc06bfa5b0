import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { sharingEn } from "./en.ts";

await addWords("sharing", {
  en: sharingEn,
  de: async () => (await import("./de.ts")).sharingDe,
  ar: async () => (await import("./ar.ts")).sharingAr,
});

/** The words of sharing. They are there before anything that imports this is shown. */
export function useSharingWords() {
  return useTranslation("sharing");
}
