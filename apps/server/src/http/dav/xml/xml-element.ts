/** An element of XML, by its names and not by its prefixes. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}

export interface XmlAttribute {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** What an element has in it: others, and text. */
export type XmlNode = XmlElement | string;

export const davNamespace = "DAV:";
/** Of attributes such as `xml:lang`, whose prefix is never declared. */
export const xmlNamespace = "http://www.w3.org/XML/1998/namespace";

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== "string";
}

/** The element's children that are elements. */
export function elementsOf({ children }: XmlElement): XmlElement[] {
  return children.filter(isElement);
}

/** Is it this one of WebDAV's own elements? */
export function isDav(element: XmlElement, name: string): boolean {
  return element.namespace === davNamespace && element.name === name;
}

export function findDav(parent: XmlElement, name: string): XmlElement | undefined {
  return elementsOf(parent).find((element) => isDav(element, name));
}

/** All text in it. */
export function textOf({ children }: XmlElement): string {
  return children.map((node) => (isElement(node) ? textOf(node) : node)).join("");
}
