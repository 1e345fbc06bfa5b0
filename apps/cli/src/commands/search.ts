import { createSearchCalls, type SearchWish } from "@satchel/api-client";
import { fileKinds, maxResultsPerPage, type FileKind, type SearchResult } from "@satchel/protocol";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { formatInstant, formatSize, plural, printable } from "../output/format.ts";
import { parseSize } from "../output/parse-size.ts";
import { quoteFound } from "../output/quote-found.ts";
import { formatTable } from "../output/table.ts";
import { parseRemotePath } from "../tree/remote-path.ts";
import { getEntry } from "../tree/remote-tree.ts";
import { withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

export interface SearchOptions extends OutputOptions {
  readonly type?: string;
  readonly in?: string;
  readonly minSize?: string;
  readonly maxSize?: string;
  readonly after?: string;
  readonly before?: string;
  readonly owner?: string;
  readonly shared?: boolean;
  readonly limit?: string;
}

const defaultLimit = 50;
const maxLimit = 10_000;

/** `satchel search WORDS` */
export function search(context: CommandContext, words: readonly string[], options: SearchOptions): Promise<void> {
  const wish = readWish(words, options);
  const limit = readLimit(options.limit);
  return withSession(context, options, async (session) => {
    const folderId = options.in === undefined ? undefined : (await getEntry(session, parseRemotePath(options.in))).id;
    const calls = session.api.extend(createSearchCalls);
    const found = new Map<string, SearchResult>();
    let isComplete = true;
    let cursor: string | null = null;
    do {
      const page = await calls.search({ ...wish, folderId, cursor, limit: Math.min(limit, maxResultsPerPage) });
      for (const result of page.results) found.set(result.id, result);
      isComplete &&= page.complete;
      ({ cursor } = page);
    } while (cursor !== null && found.size < limit);
    const results = [...found.values()].slice(0, limit);
    show(context, options, results);
    if (cursor !== null || found.size > limit)
      context.terminal.note(`There is more than ${plural(limit, "result")}: --limit shows more of them.`);
    if (!isComplete) context.terminal.note("The server is still reading new files: something may be missing.");
  });
}

function show({ terminal }: CommandContext, options: OutputOptions, results: readonly SearchResult[]): void {
  if (options.json) return terminal.print(JSON.stringify(results.map(itemOf)));
  if (results.length === 0) return terminal.note("Nothing was found.");
  const columns = [
    {
      title: "SIZE",
      align: "right",
      value: (row: SearchResult) => (row.type === "folder" ? "-" : formatSize(row.size)),
    },
    { title: "MODIFIED", value: (row: SearchResult) => formatInstant(row.modified) },
    { title: "PATH", value: (row: SearchResult) => printable(row.path) + (row.type === "folder" ? "/" : "") },
  ] as const;
  // The first line is the table's head.
  for (const [index, line] of formatTable(columns, results).entries()) {
    terminal.print(line);
    const snippet = results[index - 1]?.snippet;
    if (snippet) terminal.print(`    ${quoteFound(snippet)}`);
  }
}

function itemOf(result: SearchResult) {
  const { path, type, kind, size, modified, latest_version, version_hash, match, shared, snippet } = result;
  return { path, type, kind, size, modified, version: latest_version, hash: version_hash, match, shared, snippet };
}

function readWish(words: readonly string[], options: SearchOptions): SearchWish {
  const { type, minSize, maxSize, after, before, owner, shared } = options;
  const text = words.join(" ");
  return {
    text: text === "" ? undefined : text,
    kinds: type === undefined ? undefined : readKinds(type),
    minSizeBytes: minSize === undefined ? undefined : parseSize(minSize),
    maxSizeBytes: maxSize === undefined ? undefined : parseSize(maxSize),
    modifiedAfter: readInstant(after),
    modifiedBefore: readInstant(before),
    owner,
    shared,
  };
}

function readKinds(text: string): FileKind[] {
  const kinds = text.split(",");
  const isKind = (kind: string): kind is FileKind => (fileKinds as readonly string[]).includes(kind);
  if (kinds.every(isKind)) return kinds;
  throw new CommandError(
    exitCode.usage,
    `${JSON.stringify(text)} is no type: name one or more of ${fileKinds.join(", ")}.`,
  );
}

function readInstant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new CommandError(
    exitCode.usage,
    `${JSON.stringify(text)} is no time: write it as 2026-01-31 or 2026-01-31T12:00:00Z.`,
  );
}

function readLimit(text: string | undefined): number {
  const limit = Number(text ?? defaultLimit);
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return limit;
  throw new CommandError(exitCode.usage, `--limit takes a number from 1 to ${maxLimit}.`);
}
