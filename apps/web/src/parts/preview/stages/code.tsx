import { useMemo, type ReactNode } from "react";
import type { CodeLanguage } from "../../../data/preview/language-of.ts";
import { highlight } from "./highlight.tsx";
import styles from "./code.module.css";

/** Longer texts stay in one colour: finding the colours would be felt. */
const maxColouredLength = 150_000;

interface CodeProps {
  readonly text: string;
  readonly language: CodeLanguage | undefined;
}

/** A text with the numbers of its lines. */
export function Code({ text, language }: CodeProps): ReactNode {
  const coloured = useMemo(
    () => (language && text.length <= maxColouredLength ? highlight(text, language) : text),
    [text, language],
  );
  const numbers = useMemo(() => lineNumbers(text), [text]);
  return (
    <div className={styles.code}>
      <pre className={styles.numbers} aria-hidden>
        {numbers}
      </pre>
      <pre className={styles.text}>
        <code>{coloured}</code>
      </pre>
    </div>
  );
}

function lineNumbers(text: string): string {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return Array.from({ length: Math.max(1, lines) }, (_, index) => index + 1).join("\n");
}
