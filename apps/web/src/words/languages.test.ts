import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

type Texts = { readonly [key: string]: string | Texts };

/** The texts of a language, by their paths, of all parts of the app. */
async function textsOf(language: string): Promise<Map<string, string>> {
  const here = import.meta.dirname;
  const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = ["", ...folders.map(({ name }) => `${name}/`)];
  const found = new Map<string, string>();
  for (const folder of files) {
    const module = (await import(`./${folder}${language}.ts`)) as Record<string, Texts>;
    for (const texts of Object.values(module)) collect(texts, folder, found);
  }
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

for (const language of ["de", "ar"])
  test(`[W19] every text is there in "${language}", in every form that it counts by, and is given nothing that English isn't`, async () => {
    const [english, texts] = [await textsOf("en"), await textsOf(language)];
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [path, text] of english) {
      const base = path.replace(formEnd, "");
      const isCounted = base !== path && english.has(`${base}_other`);
      const paths = isCounted ? forms.map((form) => `${base}_${form}`) : [path];
      const given = isCounted ? places(`${english.get(`${base}_one`)} ${english.get(`${base}_other`)}`) : places(text);
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
