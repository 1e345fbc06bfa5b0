import type { ContentDisposition } from "../../features/files/content-url.ts";

/** The header that names what is sent (RFC 6266). What `encodeURIComponent` leaves and an extended value (RFC 8187) may not hold is encoded, too. */
export function contentDisposition(disposition: ContentDisposition, name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `${disposition}; filename*=UTF-8''${encoded}`;
}
