import { resolve as resolvePath } from "node:path";
import { resolveConflict, type Kept, type Replace, type Resolution } from "@satchel/api-client";
import { ProblemError, workspaceOfEntry, type ConflictedCopy, type VersionId } from "@satchel/protocol";
import type { Session } from "../../home/session.ts";
import { CommandError, exitCode, type ExitCode } from "../../output/exit-code.ts";
import { explainError } from "../../output/explain-error.ts";
import { printable } from "../../output/format.ts";
import { commitOne } from "../../tree/remote-tree.ts";
import { withSession, type CommandContext, type OutputOptions } from "../command-context.ts";
import { listConflicts } from "../history.ts";
import { sendContent } from "../put.ts";
import { chooseConflicts } from "./choose-conflicts.ts";
import { withMerge } from "./merge-conflict.ts";

export interface ResolveOptions extends OutputOptions {
  readonly keep?: string;
  /** The local file that has what somebody made of both. */
  readonly with?: string;
}

const choices: readonly Kept[] = ["mine", "theirs", "both", "merged"];

/** `satchel resolve PATH… --keep mine|theirs|both|merged [--with LOCAL]`. Without `--with`, `merged` is what merging by itself comes to. Exit code 5 when some could not be resolved; the others are. */
export function resolve(context: CommandContext, paths: readonly string[], options: ResolveOptions): Promise<ExitCode> {
  const keep = parseChoice(options);
  return withSession(context, options, async (session) => {
    const chosen = chooseConflicts(await listConflicts(session), paths);
    if (options.with !== undefined && chosen.length > 1)
      throw new CommandError(exitCode.usage, `--with is for one conflict, and ${chosen.length} are named: name one.`);
    const local = options.with === undefined ? undefined : resolvePath(context.cwd, options.with);
    const outcomes = [];
    for (const conflict of chosen) outcomes.push(await tryToResolve(session, conflict, { keep, local }));
    if (options.json) context.terminal.print(JSON.stringify(outcomes.map((outcome) => toJson(keep, outcome))));
    else for (const outcome of outcomes) for (const line of describe(outcome)) context.terminal.note(line);
    return outcomes.every(({ failure }) => failure === undefined) ? exitCode.done : exitCode.incomplete;
  });
}

function parseChoice({ keep, with: merged }: ResolveOptions): Kept {
  const choice = choices.find((each) => each === keep);
  if (choice === undefined)
    throw new CommandError(
      exitCode.usage,
      "Say what to keep: --keep mine (the conflicted copy), theirs (the file that has the name), both, or merged, by itself or with --with LOCAL.",
    );
  if (choice !== "merged" && merged !== undefined)
    throw new CommandError(
      exitCode.usage,
      "--with LOCAL goes with --keep merged: LOCAL is the file that has what you made of both.",
    );
  return choice;
}

/** With `madeFrom`, somebody else's save since then is refused. */
function sending(session: Session, path: string, madeFrom?: VersionId): Replace {
  return async ({ file_id: id, latest_version }) => {
    const base_version_id = madeFrom ?? latest_version;
    const content = await sendContent(session, { path, workspaceId: workspaceOfEntry(id), onSent: () => undefined });
    await commitOne(session, { op: "edit_file", id, base_version_id, content });
  };
}

interface Outcome {
  readonly conflict: ConflictedCopy;
  readonly resolution?: Resolution;
  readonly failure?: string;
}

/** One that fails leaves the others; what ends the whole command is thrown. */
async function tryToResolve(
  session: Session,
  conflict: ConflictedCopy,
  { keep, local }: { readonly keep: Kept; readonly local: string | undefined },
): Promise<Outcome> {
  try {
    return { conflict, resolution: await resolveAs(session, conflict, keep, local) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { conflict, failure: explainError(error).sentence };
  }
}

async function resolveAs(
  session: Session,
  conflict: ConflictedCopy,
  keep: Kept,
  local: string | undefined,
): Promise<Resolution> {
  const { api } = session;
  if (keep !== "merged") return await resolveConflict(api, conflict, { keep });
  if (local !== undefined) return await resolveConflict(api, conflict, { keep, replace: sending(session, local) });
  return await withMerge(session, conflict, (path) =>
    resolveConflict(api, conflict, { keep, replace: sending(session, path, conflict.theirs?.version) }),
  );
}

function toJson(kept: Kept, { conflict, resolution, failure }: Outcome) {
  const { path, original_path: original } = conflict;
  if (!resolution) return { path, original, kept: null, failure };
  return { path, original, kept, now: resolution.path, undo: undoCommands(resolution) };
}

function describe({ conflict, resolution, failure }: Outcome): string[] {
  if (!resolution) return [`${printable(conflict.path)} is as it was: ${failure ?? ""}`];
  const undo = undoCommands(resolution);
  const taken = undo.length === 0 ? "" : ` To take it back: ${undo.map(printable).join("; ")}`;
  return [`Resolved: ${printable(resolution.path)}.${taken}`];
}

/** What brings back what was there before. */
function undoCommands({ undo }: Resolution): string[] {
  const quote = (each: string): string => `'${each.replaceAll("'", `'\\''`)}'`;
  return undo.flatMap((step) => {
    // A command that gives a file the mark of a conflicted copy there is none.
    if (step.do === "move") return [];
    return `satchel restore ${quote(step.path)}${step.version === undefined ? "" : ` --version ${step.version}`}`;
  });
}
