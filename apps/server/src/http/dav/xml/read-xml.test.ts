import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readXml } from "./read-xml.ts";
import { escapeXml, writeXml } from "./write-xml.ts";
import { findDav, textOf, type XmlElement } from "./xml-element.ts";

const read = (text: string) => readXml(Buffer.from(text));

test("[WD7] elements are known by their namespaces, whatever their prefixes are", () => {
  const root = read(
    `<?xml version="1.0"?><a:propfind xmlns:a="DAV:"><prop xmlns="DAV:"><b xmlns="urn:b" c="1"/></prop></a:propfind>`,
  );
  assert.equal(root.namespace, "DAV:");
  const [property] = findDav(root, "prop")?.children ?? [];
  assert.deepEqual(property, {
    namespace: "urn:b",
    name: "b",
    attributes: [{ namespace: "", name: "c", value: "1" }],
    children: [],
  });
});

test("[WD7] nothing is expanded, nothing is loaded, and what is malformed, too deep or too much is refused", () => {
  const refused = [
    "",
    "text",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<p:a/>",
    `<a xmlns:p=""/>`,
    "<a>&lol;</a>",
    `<!DOCTYPE a [<!ENTITY lol "lol">]><a>&lol;</a>`,
    `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`,
    `${"<a>".repeat(40)}${"</a>".repeat(40)}`,
    `<a>${"<b/>".repeat(6000)}</a>`,
  ];
  for (const text of refused) assert.throws(() => read(text), { code: "bad_request" }, text.slice(0, 60));
  assert.throws(() => readXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e])), { code: "bad_request" });
});

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((text) => !text.startsWith("xml"));
const namespace = fc.constantFrom("", "DAV:", "urn:x", `http://x/?a&"b"`);
// A carriage return would be a line's end to whoever reads it; what XML has no way to say is replaced.
const text = fc
  .string({ minLength: 1, unit: "grapheme" })
  .filter((string) => Array.from(string).every((sign) => sign >= " " && sign !== "\ufffe" && sign !== "\uffff"));
const plain = { noNullPrototype: true };
const { element } = fc.letrec<{ element: XmlElement }>((tie) => ({
  element: fc.record(
    {
      namespace,
      name,
      attributes: fc.uniqueArray(fc.record({ namespace: fc.constantFrom("", "urn:y"), name, value: text }, plain), {
        maxLength: 3,
        selector: (attribute) => attribute.name,
      }),
      children: fc.oneof({ maxDepth: 3 }, fc.array(text, { maxLength: 1 }), fc.array(tie("element"), { maxLength: 3 })),
    },
    plain,
  ),
}));

test("[WD7] names that could not be told again, and such as are told too often, are refused", () => {
  const refused = [
    `<a:1b xmlns:a="u"/>`,
    `<a: xmlns:a="u"/>`,
    `<:a/>`,
    `<a:b:c xmlns:a="u"/>`,
    `<xml:a/>`,
    `<xmlns:a/>`,
    `<a xmlns="http://www.w3.org/2000/xmlns/"/>`,
    `<a xmlns:p="u" p:-x="1"/>`,
    `<a xml:1="2"/>`,
    `<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>`,
    `<a xmlns="u\0"/>`,
    `<a xmlns="${"u".repeat(501)}"/>`,
    `<${"a".repeat(201)}/>`,
  ];
  for (const text of refused) assert.throws(() => read(text), { code: "bad_request" }, text.slice(0, 60));
  assert.equal(
    read(`<p:${"a".repeat(200)} xmlns:p="${"u".repeat(500)}" xml:lang="de" p:x="1" x="2"/>`).attributes.length,
    3,
  );
});

test("[WD13] what is written is read back as it was, with its namespaces, wherever it is put", () => {
  fc.assert(
    fc.property(element, (written) => {
      const around = read(`<d:prop xmlns:d="DAV:" xmlns="urn:around">${writeXml(written)}</d:prop>`);
      assert.deepEqual(around.children, [written]);
    }),
  );
});

test("[WD13] text that XML can't hold is told with a sign in its place", () => {
  assert.equal(textOf(read(`<a>${escapeXml('1\u00002<&>"\r')}</a>`)), `1\ufffd2<&>"\r`);
});
