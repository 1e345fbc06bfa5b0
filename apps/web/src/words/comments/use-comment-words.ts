import { useTranslation } from "react-i18next";
import { addWords } from "../words.ts";
import { commentsEn } from "./en.ts";

await addWords("comments", {
  en: commentsEn,
  de: async () => (await import("./de.ts")).commentsDe,
  ar: async () => (await import("./ar.ts")).commentsAr,
});

/** The words of comments. They are there before anything that imports this is shown. */
export function useCommentWords() {
  return useTranslation("comments");
}
