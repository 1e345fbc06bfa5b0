import type { TFunction } from "i18next";

/** What CodeMirror's panel that finds says, by what it says in English. */
export function searchPhrases(t: TFunction<"editor">): Readonly<Record<string, string>> {
  return {
    Find: t("search.find"),
    Replace: t("search.replaceBy"),
    next: t("search.next"),
    previous: t("search.previous"),
    all: t("search.all"),
    "match case": t("search.matchCase"),
    regexp: t("search.pattern"),
    "by word": t("search.byWord"),
    replace: t("search.replace"),
    "replace all": t("search.replaceAll"),
    close: t("search.close"),
    "current match": t("search.current"),
    "replaced $ matches": t("search.replaced"),
    "replaced match on line $": t("search.replacedOnLine"),
    "on line": t("search.onLine"),
    "Go to line": t("search.goToLine"),
    go: t("search.go"),
  };
}
