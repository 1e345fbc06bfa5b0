import { posix } from "node:path";
import { Marked, type Tokens } from "marked";
import type { Document, Documentation } from "./document.ts";
import { headingId } from "./heading-id.ts";
import { html, raw, type Html } from "../pages/html.ts";

export interface Heading {
  readonly id: string;
  readonly text: string;
}

export interface DrawnMarkdown {
  readonly body: Html;
  /** Of the second level: what is on the page. */
  readonly headings: readonly Heading[];
}

/** A rule's number, as specifications have it. */
const ruleId = /^\[?([A-Z]{2,4}\d+)\]?$/;
const picture = /^images\/[\w-]+\.(?:webp|png|svg)$/;

/** A document's text as HTML of our own: markup in it is text, and links lead to what there is. */
export function drawMarkdown(document: Document, all: Documentation): DrawnMarkdown {
  const headings: Heading[] = [];
  const names = new Map<string, number>();
  const rules = new Set<string>();
  const marked = new Marked({ gfm: true, async: false });
  marked.use({
    renderer: {
      html: ({ text }) => escaped(text),
      heading({ tokens, depth, text }) {
        const id = unique(headingId(text), names);
        if (depth === 2) headings.push({ id, text: text.replaceAll(/[`*]/g, "") });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)} <a class="anchor" href="#${id}" aria-label="Link to this part">#</a></h${depth}>`;
      },
      strong({ tokens, text }) {
        const id = ruleId.exec(text)?.[1];
        if (id === undefined || rules.has(id)) return `<strong>${this.parser.parseInline(tokens)}</strong>`;
        rules.add(id);
        return `<strong id="${id}"><a href="#${id}">${id}</a></strong>`;
      },
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const address = addressOf(href, document, all);
        return address === undefined ? `<span>${inner}</span>` : `<a href="${escaped(address)}">${inner}</a>`;
      },
      image({ href, text }) {
        const path = posix.normalize(posix.join(posix.dirname(document.source), href));
        return picture.test(path) ? `<img src="/docs/${path}" alt="${escaped(text)}" loading="lazy">` : escaped(text);
      },
      table(token) {
        return drawTable(token, (tokens) => this.parser.parseInline(tokens));
      },
    },
  });
  return { body: raw(marked.parse(document.markdown, { async: false })), headings };
}

/** In a box of its own, so that a wide table moves under the finger, and not the page. */
function drawTable({ header, rows }: Tokens.Table, inline: (tokens: Tokens.TableCell["tokens"]) => string): string {
  const heads = header.map(({ tokens }) => `<th scope="col">${inline(tokens)}</th>`).join("");
  const lines = rows.map((cells) => `<tr>${cells.map(({ tokens }) => `<td>${inline(tokens)}</td>`).join("")}</tr>`);
  const head = header.some(({ text }) => text !== "") ? `<thead><tr>${heads}</tr></thead>` : "";
  return `<div class="table" tabindex="0" role="group" aria-label="Table"><table>${head}<tbody>${lines.join("")}</tbody></table></div>`;
}

/** Where a link of a document leads on this server; undefined where there is nothing to see. */
export function addressOf(href: string, document: Document, all: Documentation): string | undefined {
  if (/^(?:https?|mailto):/.test(href)) return href;
  if (/^[a-z][\w+.-]*:/i.test(href) || href.startsWith("//")) return undefined;
  const [path = "", anchor] = href.split("#", 2);
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (path === "") return hash;
  if (path.startsWith("/")) return `${path}${hash}`;
  const target = posix.normalize(posix.join(posix.dirname(document.source), path));
  const found = all.bySource.get(target) ?? all.bySource.get(posix.join(target, "index.md"));
  return found && `/docs${found.address}${hash}`;
}

function unique(name: string, names: Map<string, number>): string {
  const count = names.get(name) ?? 0;
  names.set(name, count + 1);
  return count === 0 ? name : `${name}-${count}`;
}

function escaped(text: string): string {
  return html`${text}`.markup;
}
