import type { Language } from "../../../features/identity/self-service/mail-texts.ts";

/** The language that a browser asks for (`Accept-Language`, RFC 9110), of those that we have; else English. */
export function languageOf(header: string | undefined): Language {
  const wishes = (header ?? "")
    .slice(0, 500)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split("-")[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality);
  const wish = wishes.find(({ language }) => language === "en" || language === "de" || language === "*");
  return wish?.language === "de" ? "de" : "en";
}
