import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { problemKinds } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import { startTestServer } from "../test-server.fixture.ts";

/** The documents that are shipped. */
const repository = join(import.meta.dirname, "../../../../..");
const docsRoot = join(repository, "docs");

interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function open(url: string): Promise<Page> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

function linksOf(text: string): readonly string[] {
  return [...text.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = ""]) => href);
}

test("[DC1] [DC2] every document and every problem code has a page, for anybody and without a script", async (t) => {
  const server = await startTestServer(t, { docsRoot });
  const sources = readdirSync(docsRoot, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  assert.ok(sources.length > 80, String(sources.length));
  for (const source of sources) {
    const page = await open(`${server.url}/docs/${source.replace(/\.md$/, "").replace(/^index$/, "")}`);
    assert.equal(page.status, 200, source);
    assert.doesNotMatch(page.text, /<script/, source);
    assert.match(page.headers.get("content-security-policy") ?? "", /^default-src 'none'; style-src 'self'/);
  }
  for (const code of Object.keys(problemKinds)) {
    const { status, text } = await open(`${server.url}/docs/errors/${code}`);
    assert.deepEqual([status, text.includes(`<h1 id="${code}">`)], [200, true], code);
  }
});

test("[DC3] a link in a document leads to a page, a heading or a picture that is there", async (t) => {
  const server = await startTestServer(t, { docsRoot });
  const pages = new Map<string, Page>();
  const load = async (path: string): Promise<Page> => {
    const known = pages.get(path) ?? (await open(server.url + path));
    pages.set(path, known);
    return known;
  };
  const problems: string[] = [];
  const waiting = ["/docs"];
  while (waiting.length > 0) {
    const from = waiting.pop() as string;
    for (const href of linksOf((await load(from)).text)) {
      const { pathname, hash, origin } = new URL(href, server.url + from);
      if (origin !== server.url || !pathname.startsWith("/docs")) continue;
      const isNew = !pages.has(pathname);
      const { status, text } = await load(pathname);
      if (status !== 200) problems.push(`${from} leads to ${href}: ${status}`);
      if (hash !== "" && !text.includes(`id="${decodeURIComponent(hash.slice(1))}"`))
        problems.push(`${from} leads to ${href}, and there is no such heading`);
      if (isNew) waiting.push(pathname);
    }
  }
  assert.deepEqual([...new Set(problems)], []);
  assert.ok(pages.size > 120, String(pages.size));
});

test("[DC3] what a document links to in the repository is there", () => {
  const sources = readdirSync(docsRoot, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  const missing = sources.flatMap((source) => {
    const text = readFileSync(join(docsRoot, source), "utf8");
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, href = ""]) => href);
    return links
      .filter((href) => !/^[a-z]+:|^\//.test(href) && !existsSync(join(docsRoot, source, "..", href)))
      .map((href) => `${source}: ${href}`);
  });
  assert.deepEqual(missing, []);
});

test("[DC3] [DC4] [DC7] a document is drawn with addresses for headings and rules, and nothing in it runs", async (t) => {
  await using directory = await temporaryDirectory();
  const root = directory.path;
  await mkdir(join(root, "spec"));
  await writeFile(
    join(root, "index.md"),
    "# First\n\n[the rule](spec/one.md#AB1) [code](../src/x.ts) [bad](javascript:alert(1)) [odd](//evil.example.org)",
  );
  const lines = [
    "# One",
    "",
    "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "",
    "- **AB1** A rule.",
    "",
    "## Same",
    "",
    "## Same",
    "",
    "[home](../index.md)",
    "",
    "![x](javascript:1)",
  ];
  await writeFile(join(root, "spec/one.md"), lines.join("\n"));
  const server = await startTestServer(t, { docsRoot: root });
  const first = await open(`${server.url}/docs`);
  assert.ok(first.text.includes('href="/docs/spec/one#AB1"'));
  assert.ok(first.text.includes("<span>code</span>") && first.text.includes("<span>bad</span>"));
  assert.doesNotMatch(first.text, /javascript:|evil/);
  const { text } = await open(`${server.url}/docs/spec/one`);
  for (const part of ['id="AB1"', 'id="same"', 'id="same-1"', 'href="/docs"', "&#60;script"])
    assert.ok(text.includes(part), part);
  assert.doesNotMatch(text, /<script|<img/);
});

test("[DC5] the API's pages list every operation of the API's document", async (t) => {
  const server = await startTestServer(t, { docsRoot });
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const { text } = await open(`${server.url}/docs/api`);
  for (const [path, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods)) assert.ok(text.includes(`${method.toUpperCase()} ${path}<`), path);
  }
  const files = await open(`${server.url}/docs/api/files`);
  assert.match(files.text, /<code>file_id<\/code>/);
  assert.match(files.text, /href="\/docs\/errors\/forbidden"/);
});

test("[DC6] the search finds pages by all words, first those that have them in their title", async (t) => {
  const server = await startTestServer(t, { docsRoot });
  const { text } = await open(`${server.url}/docs/search?q=Conflicts%20merge`);
  const results = /<ul class="found">[\s\S]*?<\/ul>/.exec(text)?.[0] ?? "";
  assert.match(linksOf(results)[0] ?? "", /conflict/);
  const none = await open(`${server.url}/docs/search?q=${encodeURIComponent("<b>qwertz</b>")}`);
  assert.equal(none.status, 200);
  assert.match(none.text, /Nothing has all of these words/);
  assert.doesNotMatch(none.text, /<b>/);
  assert.equal((await open(`${server.url}/docs/search?q=${"a".repeat(5000)}`)).status, 200);
  for (const odd of ["", "?q=a&q=b", "?q="])
    assert.equal((await open(`${server.url}/docs/search${odd}`)).status, 200, odd);
});

test("[DC8] a page that the browser has is not sent again, and an address that no page has says so", async (t) => {
  const server = await startTestServer(t, { docsRoot });
  const { headers } = await open(`${server.url}/docs/errors`);
  const again = await fetch(`${server.url}/docs/errors`, { headers: { "if-none-match": headers.get("etag") ?? "" } });
  assert.equal(again.status, 304);
  for (const path of [
    "/docs/nothing",
    "/docs/images/none.webp",
    "/docs/images/..%2Fprivacy.md",
    "/docs/%2e%2e/package.json",
    "/docs/%",
  ]) {
    const { status } = await fetch(server.url + path);
    assert.ok(status === 404 || status === 400, `${path}: ${status}`);
  }
  const picture = await fetch(`${server.url}/docs/images/files-light.webp`);
  assert.deepEqual([picture.status, picture.headers.get("content-type")], [200, "image/webp"]);
});
