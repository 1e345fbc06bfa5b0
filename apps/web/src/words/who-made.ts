/** The names of all who made something, as they are listed in a language. */
export function whoMade(
  { author, also_by: others = [] }: { readonly author: string; readonly also_by?: readonly string[] | undefined },
  language: string,
): string {
  return new Intl.ListFormat(language).format([author, ...others].filter((name) => name !== ""));
}
