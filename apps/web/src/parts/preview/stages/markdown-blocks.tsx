import { createElement, type ReactNode } from "react";
import type { MarkedToken, Token, Tokens } from "marked";
import { languageNamed } from "../../../data/preview/language-of.ts";
import { highlight } from "./highlight.tsx";
import { MarkdownSpans } from "./markdown-spans.tsx";

/** What a Markdown text consists of, as elements made one by one: no markup of the file ever becomes markup of the page. */
export function MarkdownBlocks({ tokens }: { readonly tokens: readonly Token[] }): ReactNode {
  return tokens.map((token, index) => <Block key={index} token={token as MarkedToken} />);
}

function Block({ token }: { readonly token: MarkedToken }): ReactNode {
  switch (token.type) {
    case "heading":
      // The preview's own title is above them.
      return createElement(`h${Math.min(token.depth + 2, 6)}`, { "data-depth": token.depth }, spans(token.tokens));
    case "paragraph":
      return <p>{spans(token.tokens)}</p>;
    case "text":
      return token.tokens ? spans(token.tokens) : token.text;
    case "blockquote":
      return (
        <blockquote>
          <MarkdownBlocks tokens={token.tokens} />
        </blockquote>
      );
    case "list":
      return <List list={token} />;
    case "code":
      return <Fence token={token} />;
    case "table":
      return <Table table={token} />;
    case "hr":
      return <hr />;
    case "html":
      // Shown as it is written: a page's markup is nothing to be run here.
      return <pre data-markup>{token.text.trim()}</pre>;
    default:
      return null;
  }
}

function spans(tokens: readonly Token[]): ReactNode {
  return <MarkdownSpans tokens={tokens} />;
}

function Fence({ token }: { readonly token: Tokens.Code }): ReactNode {
  const language = languageNamed(token.lang?.split(/\s/, 1)[0] ?? "");
  return (
    <pre tabIndex={0}>
      <code>{language ? highlight(token.text, language) : token.text}</code>
    </pre>
  );
}

function List({ list }: { readonly list: Tokens.List }): ReactNode {
  const items = list.items.map((item, index) => (
    <li key={index} data-task={item.task || undefined}>
      {item.task ? <input type="checkbox" checked={item.checked ?? false} disabled aria-label={item.text} /> : null}
      <MarkdownBlocks tokens={item.tokens.filter(({ type }) => type !== "checkbox")} />
    </li>
  ));
  return list.ordered ? <ol start={list.start === "" ? undefined : list.start}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table }: { readonly table: Tokens.Table }): ReactNode {
  const alignOf = (index: number) => table.align[index] ?? undefined;
  return (
    <div data-wide tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} data-align={alignOf(index)}>
                {spans(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} data-align={alignOf(column)}>
                  {spans(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
