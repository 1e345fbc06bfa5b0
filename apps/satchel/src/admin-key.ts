import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

type KeyStatus = Awaited<ReturnType<typeof server.readKeys>>;

/** `satchel admin key status` */
export function keyStatus(context: CommandContext, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => show(context, options, await server.readKeys(storeConfig(context, options))));
}

/** `satchel admin key rotate` */
export function keyRotate(context: CommandContext, options: StoreOptions): Promise<void> {
  return explainServerErrors(async () => {
    show(context, options, await server.rotateKeys(storeConfig(context, options)));
    context.terminal.note(
      "There is a new master key. A running server uses the new data key from its next start on; keep a copy of the key, and destroy old ones.",
    );
  });
}

function show(
  { terminal }: CommandContext,
  { json }: StoreOptions,
  { keptBy, dataKeys, currentDataKey }: KeyStatus,
): void {
  if (json)
    return terminal.print(JSON.stringify({ kept_by: keptBy, data_keys: dataKeys, current_data_key: currentDataKey }));
  terminal.print(`The master key is kept by ${keptBy}.`);
  terminal.print(
    `It wraps ${dataKeys} data ${dataKeys === 1 ? "key" : "keys"}; new chunks are encrypted with number ${currentDataKey}.`,
  );
}
