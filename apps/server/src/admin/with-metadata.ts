import { openMetadata } from "../compose.ts";
import type { ServerConfig } from "../config/config.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";

/** Opens the metadata for one admin command, beside a running server or without one, and closes it whatever happens. */
export async function withMetadata<T>(config: ServerConfig, use: (metadata: MetadataStore) => Promise<T>): Promise<T> {
  const metadata = await openMetadata(config);
  try {
    return await use(metadata);
  } finally {
    await metadata.close();
  }
}
