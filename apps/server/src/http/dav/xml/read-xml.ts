import { ProblemError } from "@satchel/protocol";
import sax from "sax";
import { xmlNamespace, type XmlAttribute, type XmlElement, type XmlNode } from "./xml-element.ts";

/** The longest XML that a request may have; all of it is in memory. */
export const maxXmlBytes = 256 * 1024;
const maxDepth = 32;
const maxElements = 5000;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Under construction. */
interface OpenElement extends XmlElement {
  readonly children: XmlNode[];
}

/**
 * Reads a whole document, in UTF-8, by names and namespaces. Strict, and without document types: so nothing is expanded and nothing is loaded. @throws bad_request
 */
export function readXml(bytes: Uint8Array): XmlElement {
  const parser = sax.parser(true, { xmlns: true, position: false });
  const open: OpenElement[] = [];
  let [root, elements]: [XmlElement | undefined, number] = [undefined, 0];
  parser.onerror = (error) => {
    throw refused(error.message.split("\n")[0] ?? "");
  };
  parser.ondoctype = () => {
    throw refused("it has a document type");
  };
  parser.onopentag = (tag) => {
    const element = openElement(tag as sax.QualifiedTag);
    if (root && open.length === 0) throw refused("it has two elements side by side");
    elements += 1;
    if (elements > maxElements || open.length >= maxDepth) throw refused("it has too many elements");
    open.at(-1)?.children.push(element);
    open.push(element);
    root ??= element;
  };
  parser.onclosetag = () => void open.pop();
  parser.ontext = parser.oncdata = (text) => void open.at(-1)?.children.push(text);
  parser.write(decode(bytes)).close();
  if (!root) throw refused("it has no element");
  return root;
}

function openElement(tag: sax.QualifiedTag): OpenElement {
  const attributes: XmlAttribute[] = [];
  for (const { prefix, local, uri, value, name } of Object.values(tag.attributes)) {
    // Only the default one may be taken back.
    if (prefix === "xmlns" && local !== "" && value === "") throw refused(`the namespace of ${local} is empty`);
    if (prefix === "xmlns" || name === "xmlns") continue;
    if (prefix !== "" && uri === "") throw refused(`the prefix ${prefix} is not declared`);
    attributes.push({ namespace: prefix === "xml" ? xmlNamespace : uri, name: local, value });
  }
  if (tag.prefix !== "" && tag.uri === "") throw refused(`the prefix ${tag.prefix} is not declared`);
  return { namespace: tag.uri, name: tag.local, attributes, children: [] };
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw refused("it is not in UTF-8");
  }
}

function refused(why: string): ProblemError {
  return new ProblemError("bad_request", `the XML can't be read: ${why}`);
}
