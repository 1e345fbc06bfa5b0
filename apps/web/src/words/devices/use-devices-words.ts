import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { devicesEn } from "./en.ts";

await addWords("devices", {
  en: devicesEn,
  de: async () => (await import("./de.ts")).devicesDe,
  ar: async () => (await import("./ar.ts")).devicesAr,
});

/** The words about what devices do. They are there before anything that imports this is shown. */
export function useDevicesWords() {
  return useTranslation("devices");
}
