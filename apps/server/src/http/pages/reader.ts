import type { IncomingHttpHeaders } from "node:http";
import type { Language } from "../../features/identity/self-service/mail-texts.ts";
import { german } from "./texts/de.ts";
import { english, type Texts } from "./texts/en.ts";
import { languageOf } from "./texts/language.ts";

/** Who reads a page, as far as the page cares. */
export interface Reader {
  readonly language: Language;
  readonly texts: Texts;
}

export function readerOf(headers: IncomingHttpHeaders): Reader {
  const language = languageOf(headers["accept-language"]);
  return { language, texts: language === "de" ? german : english };
}
