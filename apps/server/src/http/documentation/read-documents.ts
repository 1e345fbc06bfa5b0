import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeDocument, type Document, type Section } from "./document.ts";

/** What the table of contents begins with, by file. Everything that no section names is in the last ones, by its folder. */
const chosen: readonly { readonly title: string; readonly sources: readonly string[] }[] = [
  { title: "Begin", sources: ["index.md", "start.md", "comparison.md"] },
  {
    title: "Use it",
    sources: [
      "guide/every-day.md",
      "guide/versions-and-trash.md",
      "guide/conflicts.md",
      "guide/share.md",
      "guide/write-together.md",
      "guide/devices.md",
      "connect-other-programs.md",
      "privacy.md",
    ],
  },
  {
    title: "Run a server",
    sources: [
      "operate/run-a-server.md",
      "operate/reverse-proxies.md",
      "operate/accounts-and-sign-in.md",
      "operate/security-settings.md",
      "security.md",
      "scale.md",
      "performance.md",
      "reliability.md",
    ],
  },
  { title: "When something is wrong", sources: ["troubleshooting.md", "errors.md"] },
];

const folders = [
  { title: "More for people", folder: "guide" },
  { title: "More for operators", folder: "operate" },
  { title: "Reference", folder: "" },
  { title: "What is promised, rule by rule", folder: "spec" },
  { title: "Why it is so", folder: "decisions" },
] as const;

const errorsSource = "errors.md";

/** Reads the folder of documents: at most some hundred files of a few pages. @throws the file system's error where there is no such folder */
export async function readDocuments(root: string): Promise<readonly Section[]> {
  const names = await readdir(root, { recursive: true });
  const sources = names.map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(".md"));
  const documents = await Promise.all(
    sources.sort().map(async (source) => makeDocument(source, await readFile(join(root, source), "utf8"))),
  );
  return [...chosenSections(documents), ...folderSections(documents)].filter((section) => section.documents.length > 0);
}

function chosenSections(documents: readonly Document[]): Section[] {
  return chosen.map(({ title, sources }) => ({
    title,
    documents: sources
      .flatMap((source) => documents.find((document) => document.source === source) ?? [])
      .flatMap((document) => (document.source === errorsSource ? [document, ...problemPages(document)] : [document])),
  }));
}

function folderSections(documents: readonly Document[]): Section[] {
  const taken = new Set(chosen.flatMap(({ sources }) => sources));
  const left = documents.filter(({ source }) => !taken.has(source));
  return folders.map(({ title, folder }) => ({
    title,
    documents: left.filter(({ source }) => source.split("/").slice(0, -1).join("/") === folder),
  }));
}

/** Each problem code has a page of its own, which is what an error message can lead to. */
function problemPages({ markdown }: Document): Document[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const code = text.slice(0, text.indexOf("\n")).trim();
      const body = `# ${code}\n\n${text.slice(code.length).trim()}\n\nAll codes: [problem codes](../errors.md).\n`;
      return makeDocument(`errors/${code}.md`, body);
    });
}
