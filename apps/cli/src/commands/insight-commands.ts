import type { OutputOptions } from "./command-context.ts";
import type { Program } from "./client-commands.ts";
import type { SharedOptions } from "./control-commands.ts";

/** Adds the commands with which a person finds out what is the matter. */
export function addInsightCommands({ root, context, run, add }: Program, { withJson }: SharedOptions): void {
  withJson(add(root, "doctor", "Look at what a sync needs, and say what to do")).action(
    run(async (options: OutputOptions) => (await import("./insight/doctor.ts")).doctor(context, options)),
  );
  withJson(add(root, "attention", "List all that waits for you, with the commands that deal with it")).action(
    run(async (options: OutputOptions) => (await import("./insight/attention.ts")).attention(context, options)),
  );
  withJson(add(root, "why <path>", "Tell what was done last about PATH, and what led to it")).action(
    run(async (path: string, options: OutputOptions) => (await import("./insight/why.ts")).why(context, path, options)),
  );
  withJson(add(root, "verify", "Compare the folder with the server, and name what differs"))
    .option("--deep", "read every file again")
    .action(
      run(async (options: OutputOptions & { deep?: boolean }) =>
        (await import("./insight/verify.ts")).verify(context, options),
      ),
    );
  withJson(add(root, "bundle [file]", "Write one file for a bug report: logs, status, findings; no tokens"))
    .option("--names", "leave names of files as they are, instead of hashes")
    .action(
      run(async (file: string | undefined, options: OutputOptions & { names?: boolean }) =>
        (await import("./insight/bundle.ts")).bundle(context, file, options),
      ),
    );
}
