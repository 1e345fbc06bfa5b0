import { Fragment, type ReactNode } from "react";
import type { MarkedToken, Token } from "marked";
import { outsideAddress } from "../../../data/preview/outside-address.ts";

/** What is inside of a line of Markdown. */
export function MarkdownSpans({ tokens }: { readonly tokens: readonly Token[] }): ReactNode {
  return tokens.map((token, index) => <Span key={index} token={token as MarkedToken} />);
}

function Span({ token }: { readonly token: MarkedToken }): ReactNode {
  switch (token.type) {
    case "strong":
      return (
        <strong>
          <MarkdownSpans tokens={token.tokens} />
        </strong>
      );
    case "em":
      return (
        <em>
          <MarkdownSpans tokens={token.tokens} />
        </em>
      );
    case "del":
      return (
        <del>
          <MarkdownSpans tokens={token.tokens} />
        </del>
      );
    case "codespan":
      return <code>{token.text}</code>;
    case "br":
      return <br />;
    case "link":
      return (
        <OutsideLink href={token.href}>
          <MarkdownSpans tokens={token.tokens} />
        </OutsideLink>
      );
    case "image":
      // Pictures from elsewhere would tell who reads this, and are not loaded.
      return <span data-picture>{token.text || token.href}</span>;
    case "text":
      return token.tokens ? <MarkdownSpans tokens={token.tokens} /> : token.text;
    case "escape":
      return token.text;
    default:
      return <Fragment>{token.raw}</Fragment>;
  }
}

/** Leads out of the app, in a window of its own that knows nothing of this one. Other addresses lead nowhere from here. */
function OutsideLink({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactNode {
  const address = outsideAddress(href);
  if (address === undefined) return <span title={href}>{children}</span>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}
