/** Text that is HTML already, and safe to put into a page. Only {@link html} and {@link raw} make it. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | undefined | false | readonly (Html | false | undefined)[];

/** HTML with everything that is put into it escaped, unless that is HTML itself. `undefined` and `false` are nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = texts.map((text, index) => text + (index < parts.length ? render(parts[index]) : "")).join("");
  return { markup };
}

/** Markup of our own, such as an image. Never something that came from elsewhere. */
export function raw(markup: string): Html {
  return { markup };
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "markup" in part ? part.markup : part.map(render).join("");
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
