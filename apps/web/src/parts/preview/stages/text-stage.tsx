import type { ReactNode } from "react";
import { languageOf } from "../../../data/preview/language-of.ts";
import type { StageProps } from "../stage-props.ts";
import { Code } from "./code.tsx";
import { TextContent } from "./text-content.tsx";

/** Text as it is, with what is known of its language in colours. */
export function TextStage(props: StageProps): ReactNode {
  const language = languageOf(props.entry.name);
  return <TextContent {...props}>{(text) => <Code text={text} language={language} />}</TextContent>;
}
