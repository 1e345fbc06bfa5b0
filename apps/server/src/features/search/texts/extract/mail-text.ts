import PostalMime, { type Address } from "postal-mime";
import { textOfHtml } from "./markup-text.ts";
import { maxTextUnits } from "./text-bounds.ts";

/** Parts in parts; what people send has less than ten. */
const maxNestingDepth = 50;
const maxHeadersBytes = 256 * 1024;

/** Of an e-mail: its subject, who wrote to whom, the names of what is attached, and what it says. */
export async function textOfMail(bytes: Uint8Array): Promise<string> {
  const mail = await PostalMime.parse(bytes, {
    maxNestingDepth,
    maxHeadersSize: maxHeadersBytes,
    maxRfc822NestingDepth: 3,
  });
  const people = [mail.from, ...(mail.to ?? []), ...(mail.cc ?? [])].map((address) => address && nameOf(address));
  const attached = mail.attachments.map(({ filename }) => filename ?? "");
  const said = mail.text?.trim() ? mail.text : textOfHtml(mail.html ?? "", maxTextUnits);
  return [mail.subject, ...people, ...attached, said].filter((line) => line).join("\n");
}

function nameOf({ name, address }: Address): string {
  return `${name} ${address ?? ""}`.trim();
}
