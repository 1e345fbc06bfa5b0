import { assets } from "../pages/assets.ts";
import { html, raw, type Html } from "../pages/html.ts";
import { mark } from "../pages/mark.ts";
import type { Document, Documentation, Section } from "./document.ts";
import { drawMarkdown, type Heading } from "./draw-markdown.ts";
import type { FoundDocument } from "./search-documents.ts";

/** A page of the documentation as a whole HTML document. */
export function drawDocument(document: Document, all: Documentation): string {
  const { body, headings } = drawMarkdown(document, all);
  return frame({ title: document.title, current: document, all, question: "", body, headings });
}

/** What was found for a question. */
export function drawFound(question: string, found: readonly FoundDocument[], all: Documentation): string {
  const results = found.map(
    ({ document, excerpt }) =>
      html`<li>
        <a href="/docs${document.address}">${document.title}</a>
        <p class="soft small">${excerpt}</p>
      </li>`,
  );
  const none = html`<p>Nothing has all of these words. Try fewer, or the beginning of one.</p>`;
  const body = html`<h1>Search: ${question}</h1>
    ${
      results.length === 0
        ? none
        : html`<ul class="found">
            ${results}
          </ul>`
    }`;
  return frame({ title: `Search: ${question}`, current: undefined, all, question, body, headings: [] });
}

/** For an address that no page has. */
export function drawMissing(all: Documentation): string {
  const body = html`<h1>There is no such page</h1>
    <p>It may have been renamed. Look for it by its words, or begin at <a href="/docs">the first page</a>.</p>`;
  return frame({ title: "No such page", current: undefined, all, question: "", body, headings: [] });
}

interface Frame {
  readonly title: string;
  readonly current: Document | undefined;
  readonly all: Documentation;
  readonly question: string;
  readonly body: Html;
  readonly headings: readonly Heading[];
}

function frame({ title, current, all, question, body, headings }: Frame): string {
  const { markup } = html`<!doctype html>
    <html lang="en" class="docs">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Satchel documentation</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${assets.tokens.path}" />
        <link rel="stylesheet" href="${assets.pages.path}" />
        <link rel="stylesheet" href="${assets.documentation.path}" />
      </head>
      <body>
        <a class="skip" href="#text">To the text</a>
        <header>
          <a class="brand" href="/docs">${mark}<span>Satchel</span></a>
          <form role="search" action="/docs/search">
            <input
              type="search"
              name="q"
              value="${question}"
              maxlength="100"
              aria-label="Search the documentation"
              placeholder="Search the documentation"
            />
          </form>
          <a class="to-contents" href="#contents">Contents</a>
          <a href="/">Your files</a>
        </header>
        <div class="columns">
          <main id="text" tabindex="-1"><article>${body}</article></main>
          ${headings.length > 1 && drawHeadings(headings)}
          <nav id="contents" class="contents" aria-label="Contents">
            ${all.sections.map((section) => drawSection(section, current))}
          </nav>
        </div>
      </body>
    </html> `;
  return markup;
}

/** Long sections are folded until the reader is in one. */
const foldedFrom = 12;

function drawSection({ title, documents }: Section, current: Document | undefined): Html {
  const isOpen = documents.length < foldedFrom || (current !== undefined && documents.includes(current));
  const links = documents
    .filter((document) => !isProblemPage(document) || current?.address.startsWith("/errors"))
    .map((document) => {
      const here = document === current && raw(' aria-current="page"');
      return html`<li><a href="/docs${document.address}" ${here}>${document.title}</a></li>`;
    });
  return html`<details class="section" ${isOpen && raw("open")}>
    <summary>${title}</summary>
    <ul>
      ${links}
    </ul>
  </details>`;
}

/** Codes are many, and listed on their own page: in the contents they stand only for who reads about one. */
function isProblemPage({ address }: Document): boolean {
  return address.startsWith("/errors/");
}

function drawHeadings(headings: readonly Heading[]): Html {
  return html`<nav class="on-page" aria-label="On this page">
    <p>On this page</p>
    <ul>
      ${headings.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)}
    </ul>
  </nav>`;
}
