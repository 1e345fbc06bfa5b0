/** The name by which a heading is linked to: as code hosts make it, so that a link works there as well as here. */
export function headingId(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "");
  return plain.trim().replaceAll(/\s/g, "-") || "part";
}
