import { useMemo, type ReactNode } from "react";
import { marked } from "marked";
import type { StageProps } from "../stage-props.ts";
import { MarkdownBlocks } from "./markdown-blocks.tsx";
import { TextContent } from "./text-content.tsx";
import styles from "./markdown-stage.module.css";

/** Markdown as a page. */
export function MarkdownStage(props: StageProps): ReactNode {
  return <TextContent {...props}>{(text) => <MarkdownPage text={text} />}</TextContent>;
}

function MarkdownPage({ text }: { readonly text: string }): ReactNode {
  const tokens = useMemo(() => marked.lexer(text.replace(/^---\n.*?\n---\n/s, ""), { gfm: true }), [text]);
  return (
    <article className={styles.page} dir="auto">
      <MarkdownBlocks tokens={tokens} />
    </article>
  );
}
