import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { makeBundle } from "../../bundle/make-bundle.ts";
import { formatSize } from "../../output/format.ts";
import { homeOf } from "../command-context.ts";
import type { CommandContext, OutputOptions } from "../command-context.ts";

/** `satchel bundle [FILE] [--names]`: one file for a bug report, which a person can read before sending it. Never replaces a file. */
export async function bundle(
  context: CommandContext,
  file: string | undefined,
  options: OutputOptions & { names?: boolean },
): Promise<void> {
  const { terminal, cwd, env, version } = context;
  const keepNames = options.names ?? false;
  const made = await makeBundle({ home: homeOf(context, options), env }, { version, keepNames });
  const text = `${JSON.stringify(made, null, 2)}\n`;
  const path = resolve(cwd, file ?? `satchel-bundle-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "")}.json`);
  await writeFile(path, text, { flag: "wx", mode: 0o600 });
  if (options.json) return terminal.print(JSON.stringify({ path, bytes: Buffer.byteLength(text) }));
  const names = keepNames ? "names of files as they are" : "names of files as hashes";
  terminal.note(
    `${path} (${formatSize(Buffer.byteLength(text))}) has logs, status and what \`satchel doctor\` found; no tokens, ${names}. Look through it, then attach it to your report.`,
  );
}
