import i18next, { type TFunction } from "i18next";
import { initReactI18next } from "react-i18next";
import { en, type Words } from "./en.ts";
import type { ActivityWords } from "./activity/en.ts";
import type { CommentWords } from "./comments/en.ts";
import type { ConflictWords } from "./conflicts/en.ts";
import type { AdminWords } from "./admin/en.ts";
import type { DevicesWords } from "./devices/en.ts";
import type { EditorWords } from "./editor/en.ts";
import type { NoticeWords } from "./notices/en.ts";
import type { OfflineWords } from "./offline/en.ts";
import type { PresenceWords } from "./presence/en.ts";
import type { SearchWords } from "./search/en.ts";
import type { SharingWords } from "./sharing/en.ts";
import type { SettingsWords } from "./settings/en.ts";

/** Languages that the app has, by their own names. */
export const languages = { en: "English", de: "Deutsch", ar: "العربية" } as const;
export type Language = keyof typeof languages;

const loaders: Record<Exclude<Language, "en">, () => Promise<Words>> = {
  de: async () => (await import("./de.ts")).de,
  ar: async () => (await import("./ar.ts")).ar,
};

const storageKey = "satchel.language";
const rightToLeft: ReadonlySet<Language> = new Set(["ar"]);

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: {
      translation: Words;
      settings: SettingsWords;
      admin: AdminWords;
      activity: ActivityWords;
      comments: CommentWords;
      conflicts: ConflictWords;
      notices: NoticeWords;
      presence: PresenceWords;
      search: SearchWords;
      offline: OfflineWords;
      devices: DevicesWords;
      editor: EditorWords;
      sharing: SharingWords;
    };
  }
}

/** Loads the words of the person's choice, else of their browser's first language that the app has. */
export async function startWords(): Promise<void> {
  const language = chosenLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escape: isolated },
  });
  await speak(language);
}

/** The words of a part that is loaded when it is needed, in each language. */
export interface PartWords<Texts> {
  readonly en: Texts;
  readonly de: () => Promise<Texts>;
  readonly ar: () => Promise<Texts>;
}

/** Parts that are in the page by now, by their namespaces. */
const parts = new Map<string, PartWords<object>>();

/** Adds the words of a part; `useTranslation(name)` speaks them once this is done. A part's module awaits it before anything of the part can be shown. */
export async function addWords(name: string, words: PartWords<object>): Promise<void> {
  parts.set(name, words);
  i18next.addResourceBundle("en", name, words.en);
  const language = i18next.language.slice(0, 2);
  if (isLanguage(language)) await addPart(name, words, language);
}

async function addPart(name: string, words: PartWords<object>, language: Language): Promise<void> {
  if (language !== "en" && !i18next.hasResourceBundle(language, name))
    i18next.addResourceBundle(language, name, await words[language]());
}

/** Changes the language of everything, and remembers it. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language);
  await speak(language);
}

async function speak(language: Language): Promise<void> {
  if (language !== "en" && !i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await loaders[language]());
  }
  for (const [name, words] of parts) await addPart(name, words, language);
  document.documentElement.dir = rightToLeft.has(language) ? "rtl" : "ltr";
  await i18next.changeLanguage(regionalTag(language));
  document.documentElement.lang = language;
}

/** A name in a sentence, kept apart where the sentence is read from right to left: `notes (1).txt` would fall to pieces there. React sees to markup. */
function isolated(text: string): string {
  return document.documentElement.dir === "rtl" ? `\u2068${text}\u2069` : text;
}

/** The language as it is written where the person lives, which numbers and dates differ by: `en-GB` where the browser says so. */
function regionalTag(language: Language): string {
  return navigator.languages.find((tag) => tag.slice(0, 2) === language) ?? language;
}

function chosenLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find(isLanguage) ?? "en";
}

function isLanguage(tag: string): tag is Language {
  return tag in languages;
}

/** The words of a problem's code, for the end of a sentence. */
export function problemWords(t: TFunction, code: string): string {
  return code in en.problem && code !== "other"
    ? t(`problem.${code as Exclude<keyof Words["problem"], "other">}`)
    : t("problem.other", { code });
}
