import { isElement, xmlNamespace, type XmlNode } from "./xml-element.ts";

/** The begin of every document. */
export const xmlHead = `<?xml version="1.0" encoding="utf-8"?>\n`;

/** Characters that XML 1.0 has no way to say. */
// eslint-disable-next-line no-control-regex
const unsayable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escapeXml(text: string): string {
  return text
    .replaceAll(unsayable, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
}

/** The node as text that stands for itself wherever it is put: each element declares its own namespace. */
export function writeXml(node: XmlNode): string {
  if (!isElement(node)) return escapeXml(node);
  const attributes = node.attributes.map(({ namespace, name, value }, nth) => {
    const text = `="${escapeXml(value)}"`;
    if (namespace === "") return ` ${name}${text}`;
    if (namespace === xmlNamespace) return ` xml:${name}${text}`;
    return ` a${nth}:${name}${text} xmlns:a${nth}="${escapeXml(namespace)}"`;
  });
  const start = `${node.name} xmlns="${escapeXml(node.namespace)}"${attributes.join("")}`;
  if (node.children.length === 0) return `<${start}/>`;
  return `<${start}>${node.children.map(writeXml).join("")}</${node.name}>`;
}
