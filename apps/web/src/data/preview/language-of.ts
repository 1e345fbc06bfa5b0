import { extensionOf } from "../files/entry.ts";

/** Languages that are coloured, by their names in highlight.js, and the extensions or whole names of their files. */
const languages = {
  bash: "sh bash zsh .bashrc .zshrc .profile",
  c: "c h",
  cpp: "cpp cc cxx hpp hh",
  csharp: "cs",
  css: "css",
  diff: "diff patch",
  dockerfile: "dockerfile",
  go: "go",
  ini: "ini cfg conf toml properties .editorconfig .gitconfig",
  java: "java",
  javascript: "js mjs cjs jsx",
  json: "json jsonc webmanifest",
  kotlin: "kt kts",
  less: "less",
  lua: "lua",
  makefile: "makefile mk",
  markdown: "md markdown",
  objectivec: "m mm",
  perl: "pl pm",
  php: "php",
  python: "py pyi",
  r: "r",
  ruby: "rb rakefile gemfile",
  rust: "rs",
  scss: "scss",
  sql: "sql",
  swift: "swift",
  typescript: "ts mts cts tsx",
  xml: "xml html htm xhtml svg vue plist",
  yaml: "yaml yml",
} as const;

export type CodeLanguage = keyof typeof languages;

const byEnd = new Map(
  Object.entries(languages).flatMap(([language, ends]) =>
    ends.split(" ").map((end) => [end, language as CodeLanguage]),
  ),
);

/** What language a file is in, by its name; undefined for plain text. */
export function languageOf(name: string): CodeLanguage | undefined {
  return byEnd.get(extensionOf(name)) ?? byEnd.get(name.toLowerCase());
}

/** The language that a fenced block of Markdown names. */
export function languageNamed(name: string): CodeLanguage | undefined {
  const wanted = name.toLowerCase();
  return wanted in languages ? (wanted as CodeLanguage) : byEnd.get(wanted);
}
