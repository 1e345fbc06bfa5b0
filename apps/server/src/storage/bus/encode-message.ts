import type { BusMessage } from "./bus.ts";

/** A message as text, for a bus between processes: JSON, with bytes in base64. */
export function encodeMessage(message: BusMessage): string {
  return JSON.stringify(message, (_, value: unknown) =>
    value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString("base64") } : value,
  );
}

/** Of what {@link encodeMessage} made; undefined for a message of a kind that this version doesn't know. */
export function decodeMessage(text: string): BusMessage | undefined {
  const message = JSON.parse(text, (_, value: unknown) =>
    isBytes(value) ? new Uint8Array(Buffer.from(value.$bytes, "base64")) : value,
  ) as BusMessage;
  return knownKinds[message.kind] ? message : undefined;
}

const knownKinds: Readonly<Record<BusMessage["kind"], true>> = {
  committed: true,
  device_revoked: true,
  account_changed: true,
  chunks_wanted: true,
  rights_changed: true,
  account_news: true,
  comments_changed: true,
  device_reported: true,
  presence_reported: true,
  content_held: true,
  gap: true,
};

function isBytes(value: unknown): value is { readonly $bytes: string } {
  return typeof value === "object" && value !== null && "$bytes" in value && typeof value.$bytes === "string";
}
