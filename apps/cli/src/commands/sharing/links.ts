import type { LinkKind, ShareLink } from "@satchel/protocol";
import { CommandError, exitCode } from "../../output/exit-code.ts";
import { formatInstant, printable } from "../../output/format.ts";
import { formatTable } from "../../output/table.ts";
import { parseRemotePath } from "../../tree/remote-path.ts";
import { getEntry } from "../../tree/remote-tree.ts";
import { withSession } from "../command-context.ts";
import type { CommandContext, OutputOptions } from "../command-context.ts";

export interface LinkOptions extends OutputOptions {
  readonly view?: boolean;
  readonly upload?: boolean;
  readonly passwordStdin?: boolean;
  readonly from?: string;
  readonly until?: string;
  readonly downloads?: string;
}

/** `satchel share link PATH` */
export function shareLink(context: CommandContext, path: string, options: LinkOptions): Promise<void> {
  const [starts, expires] = [instantOf(options.from), instantOf(options.until)];
  const maxDownloads = countOf(options.downloads);
  const kind = kindOf(options);
  return withSession(context, options, async (session) => {
    const password = options.passwordStdin ? (await context.terminal.readInput()).replace(/\r?\n$/, "") : undefined;
    const { id } = await getEntry(session, parseRemotePath(path));
    const link = await session.api.createLink({ entryId: id, kind, password, starts, expires, maxDownloads });
    if (options.json) return context.terminal.print(JSON.stringify(link));
    context.terminal.print(link.url);
    context.terminal.note(
      `Whoever has this address ${kind === "upload" ? "can put files into" : "sees"} ${printable(link.path ?? path)}; it is shown this once. \`satchel share unlink ${link.link_id}\` ends it.`,
    );
  });
}

/** @throws CommandError for both at once */
function kindOf({ view, upload }: LinkOptions): LinkKind {
  if (view === true && upload === true)
    throw new CommandError(exitCode.usage, "A link either shows files or takes them: --view or --upload, not both.");
  if (upload === true) return "upload";
  return view === true ? "view" : "download";
}

/** `satchel share links` */
export function shareLinks(context: CommandContext, options: OutputOptions): Promise<void> {
  return withSession(context, options, async ({ api }) => {
    const links = await api.links();
    if (options.json) return context.terminal.print(JSON.stringify(links));
    if (links.length === 0) return context.terminal.note("There are no links: `satchel share link PATH` makes one.");
    const columns = [
      { title: "ID", value: ({ link_id }: ShareLink) => link_id },
      { title: "PATH", value: ({ path }: ShareLink) => printable(path ?? "(gone)") },
      { title: "KIND", value: ({ kind, has_password: locked }: ShareLink) => (locked ? `${kind}, password` : kind) },
      { title: "UNTIL", value: ({ expires }: ShareLink) => (expires === null ? "-" : formatInstant(expires)) },
      { title: "DOWNLOADS", align: "right", value: (link: ShareLink) => downloadsOf(link) },
    ] as const;
    for (const line of formatTable(columns, links)) context.terminal.print(line);
  });
}

function downloadsOf({ downloads, max_downloads: most }: ShareLink): string {
  return most === null ? String(downloads) : `${downloads} of ${most}`;
}

/** `satchel share unlink ID` */
export function shareUnlink(context: CommandContext, linkId: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async ({ api }) => {
    await api.revokeLink(linkId);
    if (options.json) context.terminal.print(JSON.stringify({ link_id: linkId }));
    else context.terminal.note("The link is ended: whoever opens it finds nothing.");
  });
}

/** An instant, or a time from now such as `12h` or `7d`. @throws CommandError for anything else */
function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
  const atMs =
    count === undefined ? Date.parse(text) : Date.now() + Number(count) * (unit === "h" ? hourMs : 24 * hourMs);
  if (!Number.isNaN(atMs)) return new Date(atMs).toISOString();
  throw new CommandError(
    exitCode.usage,
    `${JSON.stringify(text)} is no time: write it as 12h, 7d or 2026-12-31T18:00:00Z.`,
  );
}

const hourMs = 3600_000;

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1_000_000) return count;
  throw new CommandError(exitCode.usage, `${JSON.stringify(text)} is no number of downloads, from 1 to 1000000.`);
}
