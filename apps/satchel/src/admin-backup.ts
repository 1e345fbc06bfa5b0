import { CommandError, exitCode, formatSize } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

export interface BackupOptions extends StoreOptions {
  readonly keyFile?: string;
  readonly withKey?: boolean;
}

export interface MakeOptions extends BackupOptions {
  readonly keep?: string;
}

export interface RestoreOptions extends BackupOptions {
  readonly snapshot?: string;
}

/** `satchel admin backup DIR` */
export function backup(context: CommandContext, directory: string, options: MakeOptions): Promise<number> {
  const keep = options.keep === undefined ? undefined : readKeep(options.keep);
  return explainServerErrors(async () => {
    const { terminal } = context;
    const place = { directory, keyFile: options.keyFile, withKey: options.withKey ?? false, keep };
    const report = await server.backUpServer(storeConfig(context, options), place);
    if (options.json) terminal.print(JSON.stringify(report));
    else {
      terminal.print(`Snapshot ${report.snapshot}: ${copied(report)} new in ${directory}.`);
      const { pruned } = report;
      if (pruned && pruned.removedSnapshots > 0)
        terminal.print(`Removed ${pruned.removedSnapshots} old snapshots: ${formatSize(pruned.freedBytes)} are free.`);
      if (report.newKeyFile !== undefined && !place.withKey)
        terminal.note(
          `The backup is encrypted with the key in ${report.newKeyFile}: keep a copy of that file elsewhere. Without it nobody can read the backup.`,
        );
    }
    return tellLost(context, report.lost, "The server itself has lost or damaged");
  });
}

function readKeep(text: string): number {
  const keep = Number(text);
  if (Number.isInteger(keep) && keep >= 1) return keep;
  throw new CommandError(exitCode.usage, "--keep takes a number of snapshots, 1 or more.");
}

/** `satchel admin restore DIR` */
export function restore(context: CommandContext, directory: string, options: RestoreOptions): Promise<number> {
  return explainServerErrors(async () => {
    const { terminal } = context;
    const place = { directory, keyFile: options.keyFile, snapshot: options.snapshot };
    const report = await server.restoreServer(storeConfig(context, options), place);
    if (options.json) terminal.print(JSON.stringify(report));
    else {
      const at = new Date(report.takenAtMs).toISOString();
      terminal.print(`Restored the server as it was at ${at}, with ${copied(report)}.`);
      terminal.note(
        "Devices that had gone on since stop and ask: on each of them `satchel sync DIR --anew` brings back what they have and the backup does not.",
      );
    }
    return tellLost(context, report.lost, "The backup does not have, or has damaged,");
  });
}

/** `satchel admin verify DIR` */
export function verify(context: CommandContext, directory: string, options: BackupOptions): Promise<number> {
  return explainServerErrors(async () => {
    const { terminal } = context;
    const place = { directory, keyFile: options.keyFile };
    const check = await server.verifyServerBackup(storeConfig(context, options), place);
    if (options.json) terminal.print(JSON.stringify(check));
    else {
      for (const problem of check.problems) terminal.print(problem);
      terminal.print(
        `Read ${check.snapshots} snapshots with ${check.rows} rows, and ${check.chunks} chunks: ${check.ok ? "all is well." : "there are problems."}`,
      );
    }
    return check.ok ? exitCode.done : exitCode.failed;
  });
}

function copied({ chunks, bytes }: { readonly chunks: number; readonly bytes: number }): string {
  return `${chunks} chunks (${formatSize(bytes)})`;
}

function tellLost({ terminal }: CommandContext, lost: readonly string[], who: string): number {
  if (lost.length === 0) return exitCode.done;
  terminal.note(`${who} ${lost.length} chunks: \`satchel admin check\` tells more.`);
  return exitCode.failed;
}
