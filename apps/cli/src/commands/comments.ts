import { createCommentCalls } from "@satchel/api-client";
import type { CommentThread } from "@satchel/protocol";
import { CommandError, exitCode } from "../output/exit-code.ts";
import { formatInstant, printable } from "../output/format.ts";
import { parseRemotePath } from "../tree/remote-path.ts";
import { getEntry } from "../tree/remote-tree.ts";
import { withSession } from "./command-context.ts";
import type { CommandContext, OutputOptions } from "./command-context.ts";

/** `satchel comments PATH`: what people say about a file, thread by thread. */
export function comments(context: CommandContext, path: string, options: OutputOptions): Promise<void> {
  return withSession(context, options, async (session) => {
    const { id, type } = await getEntry(session, parseRemotePath(path));
    if (type !== "file")
      throw new CommandError(exitCode.failed, `${path} is no file, and only files have comments: name a file.`);
    const threads = await session.api.extend(createCommentCalls).comments(id);
    const { terminal } = context;
    if (options.json) return terminal.print(JSON.stringify(threads));
    if (threads.length === 0) return terminal.note("Nobody has said anything about it.");
    for (const line of threads.flatMap(threadLines)) terminal.print(line);
  });
}

/** The words that it is about, and below them who said what. */
export function threadLines({ passage, resolved, comments: said }: CommentThread): string[] {
  const about = passage ? `“${printable(passage.quote)}”` : "the file as a whole";
  return [
    `${about}${resolved ? " (resolved)" : ""}`,
    ...said.map(({ author, text, at }) => {
      const words = text === null ? "(deleted)" : text.split("\n").map(printable).join("\n    ");
      return `  ${formatInstant(at)}  ${printable(author ?? "somebody who is gone")}: ${words}`;
    }),
  ];
}
