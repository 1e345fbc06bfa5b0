import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { CommandError, exitCode } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

/** `satchel admin user delete NAME` */
export function deleteUser(
  context: CommandContext,
  name: string,
  options: StoreOptions & { readonly now?: boolean },
): Promise<void> {
  return explainServerErrors(async () => {
    const { due } = await server.deleteUser(storeConfig(context, options), name, options.now ?? false);
    context.terminal.note(
      options.now
        ? `${name} is erased; the server removes the bytes in its next rounds.`
        : `${name} will be erased at ${due}: \`satchel admin user keep ${name}\` takes that back.`,
    );
  });
}

/** `satchel admin user keep NAME` */
export function keepUser(context: CommandContext, name: string, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    await server.keepUser(storeConfig(context, options), name);
    context.terminal.note(`${name} stays.`);
  });
}

/** `satchel admin user export NAME FILE`: for its owner only, and complete or not at all. */
export function exportUser(
  context: CommandContext,
  { name, file }: { readonly name: string; readonly file: string },
  options: StoreOptions,
): Promise<void> {
  return explainServerErrors(async () => {
    const output = createWriteStream(file, { flags: "wx", mode: 0o600 });
    try {
      await pipeline(server.exportUser(storeConfig(context, options), name), output);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST")
        throw new CommandError(exitCode.failed, `${file} is there already: name a new file.`, { cause: error });
      await rm(file, { force: true });
      throw error;
    }
    context.terminal.note(`Everything about ${name} is in ${file}.`);
  });
}
