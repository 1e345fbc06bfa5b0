import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import type { StatedRoute } from "../route-context.ts";
import { startTestServer } from "../test-server.fixture.ts";

/** Bytes that have broken parsers of paths, headers, forms, JSON, frames, cookies and ranges. */
const hostile = [
  "",
  "%",
  "%00",
  "%ff%fe",
  "..%2f..%2fetc%2fpasswd",
  "a".repeat(1000),
  "\u{1f4a9}",
  "' OR 1=1 --",
  "<script>alert(1)</script>",
  "${7*7}",
  "https://evil.example/",
  "//evil.example",
  "javascript:alert(1)",
  "0",
  "-1",
  "1e309",
  "null",
  "[]",
  "{}",
  '{"__proto__":{"isAdmin":true}}',
  '{"password":{"$ne":null}}',
  "[".repeat(1000),
  '{"a":'.repeat(200),
  "\u0000\u0000\u0000\u0002{}",
  "\u007f\u0000\u0000\u0000",
  "a=1&a=2&__proto__[x]=1",
  "bytes=0-,1-,2-",
  "bytes=-9007199254740993",
  "Bearer ",
  "Basic Og==",
  "satchel-session=%22; __Host-satchel-session=x",
  "x\ty",
];
const methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND", "PROPPATCH", "MKCOL", "COPY"];
/** What WebDAV is asked with, whole and broken. */
const xml = [
  `<propfind xmlns="DAV:"><allprop/></propfind>`,
  `<propfind xmlns="DAV:" xmlns:x="urn:x"><prop><x:${"p".repeat(300)}/><getetag/></prop></propfind>`,
  `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><propfind xmlns="DAV:"><prop>&b;</prop></propfind>`,
  `<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>`,
  "<a>".repeat(5000),
  `<propertyupdate xmlns="DAV:"><set><prop><getlastmodified>never</getlastmodified></prop></set></propertyupdate>`,
  `<propertyupdate xmlns="DAV:" xmlns:x="urn:x"><remove><prop><x:y/></prop></remove></propertyupdate>`,
  `<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner>o</owner></lockinfo>`,
  `<lockinfo xmlns="DAV:"><lockscope/><locktype><read/></locktype></lockinfo>`,
  `<?xml version="1.0" encoding="utf-7"?><propfind/>`,
  `<a xmlns:b=""><b:c/></a>`,
  `<propfind xmlns="DAV:"><prop><a b="&#x0;"/></prop></propfind>`,
];
const types = [
  "application/json",
  "application/x-www-form-urlencoded",
  "application/vnd.satchel.frame",
  "text/xml",
  "multipart/form-data; boundary=x",
  "application/offset+octet-stream",
  ";",
];
const headerNames = [
  "cookie",
  "range",
  "origin",
  "referer",
  "idempotency-key",
  "x-request-id",
  "x-forwarded-for",
  "x-forwarded-host",
  "forwarded",
  "accept-language",
  "if-none-match",
  "sec-fetch-site",
  "upgrade",
  "expect",
  "depth",
  "destination",
  "overwrite",
  "if",
  "if-match",
  "lock-token",
  "timeout",
  "x-oc-mtime",
  "oc-total-length",
  "content-range",
  "accept-encoding",
  "tus-resumable",
  "upload-length",
  "upload-metadata",
  "upload-offset",
  "upload-checksum",
  "x-http-method-override",
];
/** Parameters that routes of all kinds look at. */
const parameters = [
  "cursor",
  "limit",
  "file_id",
  "folder_id",
  "workspace_id",
  "secret",
  "state",
  "code",
  "client_id",
  "redirect_uri",
  "next",
  "user_code",
  "hash",
  "expires",
  "signature",
  "version_id",
  "path",
  "timeout",
  "q",
  "kind",
  "min_size",
  "modified_after",
  "owner",
  "shared",
  "size",
  "before",
  "after",
  "types",
];

/** What some headers are made of, beside what is hostile anywhere. */
const headerPieces = [
  "infinity",
  "1",
  "Second-99999999999",
  "Infinite",
  "/dav/kept.txt",
  "/dav/folder/../../x",
  "http://evil.example/dav/a",
  "(<opaquelocktoken:x>)",
  '</dav/> (["etag"] Not <DAV:no-lock>)',
  "(".repeat(500),
  '"etag", W/"etag"',
  "bytes 0-1/2",
  "T",
  "1.0.0",
  "3",
  "path L2EvYg==,modified eA==",
  "filename a2VwdC50eHQ=",
  "sha1 YQ==",
  "PATCH",
];

/** What a header may hold on its way through fetch. */
const headerText = fc
  .constantFrom(...hostile, ...headerPieces)
  .map((text) => text.replaceAll(/[^\t\x20-\x7e]/g, "").trim());

/** `real`: ids and paths of what the account has, so that requests get further than the schemas. */
function requestArbitrary(routes: readonly StatedRoute[], real: readonly string[]) {
  const values = fc.oneof(fc.constantFrom(...hostile), fc.constantFrom(...real));
  return fc.record({
    route: fc.constantFrom(...routes),
    otherMethod: fc.option(fc.constantFrom(...methods), { freq: 5 }),
    parameter: values,
    query: fc.dictionary(fc.constantFrom(...parameters), values, { maxKeys: 5 }),
    headers: fc.dictionary(fc.constantFrom(...headerNames), headerText, { maxKeys: 4 }),
    type: fc.constantFrom(...types),
    body: fc.oneof(fc.constantFrom(...hostile), fc.constantFrom(...xml), fc.json(), fc.string()),
    login: fc.constantFrom("device", "none", "text"),
  });
}

test("[SE64] whatever is sent to whichever route, pages too, no request is a mistake of the server, and none shows how it works inside", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const bob = await server.signUp("bob");
  for (const account of [ann, bob]) await account.putFile("kept.txt", "content");
  const { body: file } = await ann.get<{ file_id: string; latest_version: string }>("/v1/files/resolve?path=/kept.txt");
  const real = [file.file_id, file.latest_version, ann.login.workspace_id, "kept.txt", "256", "root"];
  const routes = server.app.routeTable.filter(({ url }) => !/logout|notifications|\/poll$|deletion/.test(url));
  assert.ok(routes.length > 60, `${routes.length} routes`);
  await fc.assert(
    fc.asyncProperty(
      requestArbitrary(routes, real),
      async ({ route, otherMethod, parameter, query, headers, type, body, login }) => {
        const method = otherMethod ?? route.method;
        const path = route.url.replaceAll(/:\w+|\*/g, encodeURIComponent(parameter) || "x");
        const authorization =
          login === "device" ? ann.authorization.authorization : login === "text" ? "Bearer text" : undefined;
        const hasBody = !/^(GET|HEAD)$/.test(method);
        const { upgrade: _, expect: __, ...allowed } = headers;
        const response = await fetch(`${server.url}${path}?${new URLSearchParams(query).toString()}`, {
          method,
          redirect: "manual",
          headers: {
            ...allowed,
            ...(authorization !== undefined && { authorization }),
            ...(hasBody && { "content-type": type }),
          },
          ...(hasBody && { body }),
        });
        const text = await response.text();
        const name = `${method} ${path} ${JSON.stringify({ query, headers, type, body })}`.slice(0, 600);
        assert.ok(response.status < 500, `${name} was answered ${response.status}: ${text}`);
        assert.doesNotMatch(text, /at \S+ \(|node_modules|\/src\/|SQLITE|syntax error at/, name);
        assert.equal(response.headers.get("x-content-type-options"), "nosniff", name);
        const location = response.headers.get("location");
        if (location !== null) assert.equal(new URL(location, server.url).origin, server.url, name);
      },
    ),
    { numRuns: testRuns(300) },
  );
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  assert.doesNotMatch(server.log.join(""), /"level":50/);
  // Ann's file may be gone by then, by requests that were good.
  assert.equal((await ann.get("/v1/account")).status, 200);
  assert.equal((await bob.get("/v1/files/resolve?path=/kept.txt")).status, 200);
});

test("[SE65] requests that two programs may read differently are refused, and the connection ends", async (t) => {
  const server = await startTestServer(t);
  const port = Number(new URL(server.url).port);
  const smuggled = "GET /v1/account HTTP/1.1\r\nhost: x\r\n\r\n";
  const attacks = [
    `POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\ncontent-length: 44\r\n\r\n${smuggled}`,
    `POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    `POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5;\n\r\nhello\r\n0\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nhost: x\r\nx: a\r\n b: c\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nhost : x\r\n\r\n`,
    `GET /healthz HTTP/1.1\nhost: x\n\n`,
    `GET /health\0z HTTP/1.1\r\nhost: x\r\n\r\n`,
    `GET http://evil.example/healthz HTTP/9.9\r\nhost: x\r\n\r\n`,
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  ];
  for (const attack of attacks) {
    const socket = connect(port, "127.0.0.1");
    t.after(() => socket.destroy());
    await once(socket, "connect");
    let answers = "";
    socket.on("data", (piece: Buffer) => (answers += piece.toString("latin1")));
    const closed = once(socket, "close");
    socket.write(Buffer.from(attack, "latin1"));
    await closed;
    assert.match(answers, /^HTTP\/1\.1 400 /, JSON.stringify(attack));
    assert.equal(answers.match(/^HTTP\/1\.1 /gm)?.length, 1, JSON.stringify(attack));
  }
});
