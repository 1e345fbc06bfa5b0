import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { editorEn } from "./en.ts";

await addWords("editor", {
  en: editorEn,
  de: async () => (await import("./de.ts")).editorDe,
  ar: async () => (await import("./ar.ts")).editorAr,
});

/** The words of the editor. They are there before anything that imports this is shown. */
export function useEditorWords() {
  return useTranslation("editor");
}
