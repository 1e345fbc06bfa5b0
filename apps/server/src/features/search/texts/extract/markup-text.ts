import { Parser } from "htmlparser2";

/** What isn't shown to a reader. */
const unseen = new Set(["script", "style", "noscript", "template", "svg", "math", "head"]);
/** What stands within a line; all else parts words. */
const inline = new Set(
  "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var".split(
    " ",
  ),
);

/** What a reader sees of a page, and its title. */
export function textOfHtml(html: string, maxUnits: number): string {
  const pieces: string[] = [];
  let units = 0;
  let hidden = 0;
  let isTitle = false;
  const add = (text: string): void => {
    pieces.push(text);
    units += text.length;
    if (units > maxUnits) parser.pause();
  };
  const parser = new Parser({
    onopentagname(name) {
      if (unseen.has(name)) hidden += 1;
      else if (name === "title") isTitle = true;
      if (!inline.has(name)) add("\n");
    },
    onclosetag(name) {
      if (unseen.has(name)) hidden -= 1;
      else if (name === "title") isTitle = false;
      if (!inline.has(name)) add("\n");
    },
    ontext(text) {
      if (hidden === 0 || isTitle) add(text);
    },
  });
  parser.write(html);
  parser.end();
  return pieces.join("").slice(0, maxUnits);
}

/** Which elements of an XML document's texts count, by their names with the prefix. */
export interface XmlPick {
  /** Only what stands in one of these; undefined: all texts. */
  readonly within: ReadonlySet<string> | undefined;
  /** What parts words where it ends. */
  readonly breaks: ReadonlySet<string>;
}

/** The texts of an XML document. Entities that the document declares stay as they are written: what isn't one of XML's own five is not looked up. */
export function textOfXml(xml: string, { within, breaks }: XmlPick, maxUnits: number): string {
  const pieces: string[] = [];
  let units = 0;
  let depth = 0;
  const parser = new Parser(
    {
      onopentagname(name) {
        if (within?.has(name)) depth += 1;
      },
      onclosetag(name) {
        if (within?.has(name)) depth -= 1;
        if (breaks.has(name)) pieces.push("\n");
      },
      ontext(text) {
        if (within && depth === 0) return;
        pieces.push(text);
        units += text.length;
        if (units > maxUnits) parser.pause();
      },
    },
    { xmlMode: true },
  );
  parser.write(xml);
  parser.end();
  return pieces.join("").slice(0, maxUnits);
}
