import { Fragment, type ReactNode } from "react";
import type { CodeLanguage } from "../../../data/preview/language-of.ts";
import { codeTree, type CodeTree } from "./code-tree.ts";
import "./highlight.css";

/** The text in colours: elements made of its tree, never of markup. */
export function highlight(text: string, language: CodeLanguage): ReactNode {
  return render(codeTree(text, language));
}

function render(nodes: CodeTree): ReactNode[] {
  return nodes.map((node, index) => {
    if (node.type === "text") return <Fragment key={index}>{node.value}</Fragment>;
    if (node.type !== "element") return null;
    const { className } = node.properties;
    return (
      <span key={index} className={Array.isArray(className) ? className.join(" ") : undefined}>
        {render(node.children)}
      </span>
    );
  });
}
