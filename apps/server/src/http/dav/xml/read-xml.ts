import { ProblemError } from "@satchel/protocol";
import sax from "sax";
import { xmlNamespace, type XmlAttribute, type XmlElement, type XmlNode } from "./xml-element.ts";

/** The longest XML that a request may have; all of it is in memory. */
export const maxXmlBytes = 256 * 1024;
const maxDepth = 32;
const maxElements = 5000;
/** In characters. A namespace is said once, and told with each name that is in it: a long one would make answers of gigabytes. With the name it has to fit into an index of PostgreSQL's, too. */
const maxNamespaceLength = 500;
const maxNameLength = 200;

/** What a name may begin with, behind its prefix (Namespaces in XML 1.0, NCName); `sax` looks at what is before the colon only. */
const nameStart =
  /^[A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD]/;
/** The namespace of declarations, which nothing else may be in. */
const declarationNamespace = "http://www.w3.org/2000/xmlns/";

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
  const attributes = new Map<string, XmlAttribute>();
  for (const attribute of Object.values(tag.attributes)) {
    const { prefix, local, uri, value, name } = attribute;
    if (name === "xmlns") continue;
    // Only the default one may be taken back.
    if (prefix === "xmlns" && value === "") throw refused(`the namespace of ${local} is empty`);
    requireName(attribute);
    if (prefix === "xmlns") continue;
    const namespace = prefix === "xml" ? xmlNamespace : uri;
    const key = `${local} ${namespace}`;
    if (attributes.has(key)) throw refused(`an element has ${local} twice`);
    attributes.set(key, { namespace, name: local, value });
  }
  requireName(tag);
  if (tag.uri === xmlNamespace || tag.uri === declarationNamespace)
    throw refused("an element is in a namespace that is XML's own");
  return { namespace: tag.uri, name: tag.local, attributes: [...attributes.values()], children: [] };
}

/** So that it can be written again by {@link writeXml}, with another prefix or none. */
function requireName({ name, prefix, local, uri }: sax.QualifiedName): void {
  if (prefix !== "" && uri === "") throw refused(`the prefix ${prefix} is not declared`);
  if (name !== (prefix === "" ? local : `${prefix}:${local}`) || !nameStart.test(local))
    throw refused("it has a name that is none");
  if (local.length > maxNameLength || uri.length > maxNamespaceLength) throw refused("it has a name that is too long");
  if (uri === declarationNamespace && prefix !== "xmlns") throw refused("a name is in a namespace that is XML's own");
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw refused("it is not in UTF-8");
  }
  if (text.includes("\0")) throw refused("it has a character that is none");
  return text;
}

function refused(why: string): ProblemError {
  return new ProblemError("bad_request", `the XML can't be read: ${why}`);
}
