import assert from "node:assert/strict";
import { test } from "node:test";
import { activityAr } from "./activity/ar.ts";
import { activityDe } from "./activity/de.ts";
import { activityEn } from "./activity/en.ts";
import { adminAr } from "./admin/ar.ts";
import { adminDe } from "./admin/de.ts";
import { adminEn } from "./admin/en.ts";
import { commentsAr } from "./comments/ar.ts";
import { commentsDe } from "./comments/de.ts";
import { commentsEn } from "./comments/en.ts";
import { conflictsAr } from "./conflicts/ar.ts";
import { conflictsDe } from "./conflicts/de.ts";
import { conflictsEn } from "./conflicts/en.ts";
import { devicesAr } from "./devices/ar.ts";
import { devicesDe } from "./devices/de.ts";
import { devicesEn } from "./devices/en.ts";
import { editorAr } from "./editor/ar.ts";
import { editorDe } from "./editor/de.ts";
import { editorEn } from "./editor/en.ts";
import { noticesAr } from "./notices/ar.ts";
import { noticesDe } from "./notices/de.ts";
import { noticesEn } from "./notices/en.ts";
import { offlineAr } from "./offline/ar.ts";
import { offlineDe } from "./offline/de.ts";
import { offlineEn } from "./offline/en.ts";
import { presenceAr } from "./presence/ar.ts";
import { searchAr } from "./search/ar.ts";
import { presenceDe } from "./presence/de.ts";
import { searchDe } from "./search/de.ts";
import { presenceEn } from "./presence/en.ts";
import { searchEn } from "./search/en.ts";
import { settingsAr } from "./settings/ar.ts";
import { settingsDe } from "./settings/de.ts";
import { settingsEn } from "./settings/en.ts";
import { sharingAr } from "./sharing/ar.ts";
import { sharingDe } from "./sharing/de.ts";
import { sharingEn } from "./sharing/en.ts";
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";

type Texts = { readonly [key: string]: string | Texts };

const languages: Readonly<Record<"en" | "de" | "ar", Texts>> = {
  en: {
    app: en,
    activity: activityEn,
    admin: adminEn,
    comments: commentsEn,
    conflicts: conflictsEn,
    devices: devicesEn,
    editor: editorEn,
    notices: noticesEn,
    offline: offlineEn,
    presence: presenceEn,
    search: searchEn,
    settings: settingsEn,
    sharing: sharingEn,
  },
  de: {
    app: de,
    activity: activityDe,
    admin: adminDe,
    comments: commentsDe,
    conflicts: conflictsDe,
    devices: devicesDe,
    editor: editorDe,
    notices: noticesDe,
    offline: offlineDe,
    presence: presenceDe,
    search: searchDe,
    settings: settingsDe,
    sharing: sharingDe,
  },
  ar: {
    app: ar,
    activity: activityAr,
    admin: adminAr,
    comments: commentsAr,
    conflicts: conflictsAr,
    devices: devicesAr,
    editor: editorAr,
    notices: noticesAr,
    offline: offlineAr,
    presence: presenceAr,
    search: searchAr,
    settings: settingsAr,
    sharing: sharingAr,
  },
};

/** The texts of a language, by their paths, of all parts of the app. */
function textsOf(language: keyof typeof languages): Map<string, string> {
  const found = new Map<string, string>();
  collect(languages[language], "", found);
  return found;
}

function collect(texts: Texts, path: string, found: Map<string, string>): void {
  for (const [key, text] of Object.entries(texts))
    if (typeof text === "string") found.set(path + key, text);
    else collect(text, `${path}${key}.`, found);
}

const formEnd = /_(?:zero|one|two|few|many|other)$/;

/** What is put into a text: `{{name}}`, without how numbers are written. */
function places(text: string): Set<string> {
  return new Set([...text.matchAll(/\{\{(\w+)/g)].map(([, name = ""]) => name));
}

for (const language of ["de", "ar"] as const)
  test(`[W19] every text is there in "${language}", in every form that it counts by, and is given nothing that English isn't`, () => {
    const [english, texts] = [textsOf("en"), textsOf(language)];
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [path, text] of english) {
      const base = path.replace(formEnd, "");
      const isCounted = base !== path && english.has(`${base}_other`);
      const paths = isCounted ? forms.map((form) => `${base}_${form}`) : [path];
      const given = isCounted
        ? places(`${english.get(`${base}_one`) ?? ""} ${english.get(`${base}_other`) ?? ""}`)
        : places(text);
      for (const wanted of paths) {
        const told = texts.get(wanted);
        assert.ok(told !== undefined && told !== "", wanted);
        const other = [...places(told)].filter((name) => !given.has(name));
        assert.deepEqual(other, [], wanted);
        // The number may be said by the word itself: "one file".
        const lost = [...given].filter(
          (name) => !places(told).has(name) && !(isCounted && ["count", "name"].includes(name)),
        );
        assert.deepEqual(lost, [], wanted);
      }
    }
    const known = new Set([...english.keys()].map((path) => path.replace(formEnd, "")));
    assert.deepEqual(
      [...texts.keys()].filter((path) => !known.has(path.replace(formEnd, ""))),
      [],
    );
  });
