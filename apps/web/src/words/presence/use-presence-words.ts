import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { presenceEn } from "./en.ts";

await addWords("presence", {
  en: presenceEn,
  de: async () => (await import("./de.ts")).presenceDe,
  ar: async () => (await import("./ar.ts")).presenceAr,
});

/** The words about who has a file open. They are there before anything that imports this is shown. */
export function usePresenceWords() {
  return useTranslation("presence");
}
