import type { LanguageFn } from "highlight.js";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import less from "highlight.js/lib/languages/less";
import lua from "highlight.js/lib/languages/lua";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import objectivec from "highlight.js/lib/languages/objectivec";
import perl from "highlight.js/lib/languages/perl";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import scss from "highlight.js/lib/languages/scss";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";
import type { CodeLanguage } from "../../../data/preview/language-of.ts";

const grammars: Record<CodeLanguage, LanguageFn> = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  less,
  lua,
  makefile,
  markdown,
  objectivec,
  perl,
  php,
  python,
  r,
  ruby,
  rust,
  scss,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};

const lowlight = createLowlight(grammars);

export type CodeTree = ReturnType<typeof lowlight.highlight>["children"];

/** A text as a tree of what its parts are. Its leaves are the text, in order. */
export function codeTree(text: string, language: CodeLanguage): CodeTree {
  return lowlight.highlight(language, text).children;
}

/** A part of a text, by places in it, and the classes that `highlight.css` has colours for. */
export interface CodeSpan {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

/** The parts of a text that have a colour; one may lie in another. */
export function codeSpans(text: string, language: CodeLanguage): CodeSpan[] {
  const spans: CodeSpan[] = [];
  collect(codeTree(text, language), 0, spans);
  return spans;
}

function collect(nodes: CodeTree, start: number, spans: CodeSpan[]): number {
  let at = start;
  for (const node of nodes) {
    if (node.type === "text") at += node.value.length;
    if (node.type !== "element") continue;
    const from = at;
    at = collect(node.children, from, spans);
    const { className } = node.properties;
    if (Array.isArray(className) && at > from) spans.push({ from, to: at, className: className.join(" ") });
  }
  return at;
}
