import type { CommandContext } from "@satchel/cli";
import { serverConfig, type ServerConfig, type ServerOptions } from "@satchel/server";

/** What every `admin` command takes: where the server has its stores. */
export interface StoreOptions extends Pick<ServerOptions, "data" | "database" | "blobs"> {
  readonly json?: boolean;
}

/** The settings of the server that a command is about. @throws ServerConfigError */
export function storeConfig({ env }: Pick<CommandContext, "env">, options: StoreOptions): ServerConfig {
  const { data, database, blobs } = options;
  return serverConfig({ data, database, blobs }, env);
}
