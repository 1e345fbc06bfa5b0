const allowed: ReadonlySet<string> = new Set(["https:", "http:", "mailto:"]);

/** The address that a link in a person's file may lead to: a whole one, of the web or of mail; undefined for all others, such as `javascript:`. */
export function outsideAddress(href: string): string | undefined {
  const address = URL.parse(href);
  return address && allowed.has(address.protocol) ? address.href : undefined;
}
