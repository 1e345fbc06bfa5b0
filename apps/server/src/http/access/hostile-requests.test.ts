import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { problemKinds, type Problem } from "@satchel/protocol";
import { testRuns } from "@satchel/testkit";
import { call, startTestServer, type Answer, type TestDevice, type TestServer } from "../test-server.fixture.ts";

interface Schema {
  readonly $ref?: string;
  readonly properties?: Record<string, Schema>;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}
interface Document {
  readonly components: { readonly schemas: Record<string, Schema> };
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly fields: readonly string[];
}

/** Every route with the names of what it takes, from the document that the server gives of itself. */
async function listRoutes(url: string): Promise<Route[]> {
  const { body } = await call<Document>(`${url}/openapi.json`, "GET");
  const fieldsOf = (schema: Schema | undefined): string[] => {
    const [, name = ""] = /\/(\w+)$/.exec(schema?.$ref ?? "") ?? [];
    return Object.keys((schema?.$ref ? body.components.schemas[name] : schema)?.properties ?? {});
  };
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      query: (operation.parameters ?? [])
        .filter((parameter) => parameter.in === "query")
        .map((parameter) => parameter.name),
      fields: fieldsOf(operation.requestBody?.content["application/json"]?.schema),
    })),
  );
}

const hostileTexts = [
  "",
  " ",
  ".",
  "..",
  "/",
  "a/b",
  "nul\0byte",
  "x".repeat(256),
  "é".repeat(128),
  "\ud800",
  "../../etc/passwd",
  "%00",
  "root",
  "null",
  "0",
  "-1",
  "1e999",
  "NaN",
  "9".repeat(40),
  "0x10",
  "1.5",
  "0.x",
  "-1.x",
  `${2 ** 53}.x`,
  "9.aaaaaaaaaaaaaaaa",
  "g".repeat(64),
  "A".repeat(64),
  "0".repeat(63),
  "0".repeat(64),
  "__proto__",
  "constructor",
  "' OR 1=1 --",
  "AAAA",
  "====",
];
/** A real id, cursor or hash now and then, so that more than the outermost check is reached. */
const realValues = (device: TestDevice, cursor: string): string[] => [
  device.root,
  device.newId(),
  device.login.workspace_id,
  device.login.account_id,
  cursor,
];

/** Any code point, halves of pairs too. (fast-check's own unit for it makes a table of all of them first.) */
const anyCharacter = fc.nat({ max: 0x10ffff }).map((codePoint) => String.fromCodePoint(codePoint));

function valueArbitrary(real: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...hostileTexts, ...real),
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      -1,
      0,
      1.5,
      2 ** 46 + 1,
      2 ** 53,
      -(2 ** 63),
      1e308,
      [],
      {},
      [[]],
      [null],
    ),
    fc.string({ unit: anyCharacter }),
    fc.array(fc.constantFrom<unknown>(...hostileTexts, ...real, 1, -1, null), { maxLength: 5 }),
    fc.dictionary(
      fc.constantFrom("op", "id", "parent_id", "name", "content", "__proto__", "version_id"),
      fc.constantFrom<unknown>(...hostileTexts, ...real, 7, null),
      { maxKeys: 5 },
    ),
  );
}

interface HostileRequest {
  readonly route: Route;
  readonly token: "right" | "wrong" | "none";
  readonly parameter: string;
  readonly query: Record<string, string>;
  readonly body: unknown;
  /** How many bytes of the body are sent, out of a hundred. */
  readonly cutAt: number;
  readonly contentType: string;
}

function requestArbitrary(routes: readonly Route[], real: readonly string[]): fc.Arbitrary<HostileRequest> {
  const value = valueArbitrary(real);
  return fc.constantFrom(...routes).chain((route) =>
    fc.record({
      route: fc.constant(route),
      token: fc.constantFrom("right", "right", "right", "wrong", "none"),
      parameter: fc
        .constantFrom(...hostileTexts, ...real)
        .filter((text) => text.isWellFormed() && text !== "" && text !== "." && text !== ".."),
      query: fc.dictionary(
        fc.constantFrom(...route.query, "unknown"),
        fc.constantFrom(...hostileTexts, ...real).filter((text) => text.isWellFormed()),
      ),
      body: fc.oneof(
        { weight: 6, arbitrary: fc.dictionary(fc.constantFrom(...route.fields, "unknown"), value) },
        { weight: 1, arbitrary: value },
      ),
      cutAt: fc.oneof(
        { weight: 5, arbitrary: fc.constant(100) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 99 }) },
      ),
      contentType: fc.constantFrom(
        "application/json",
        "application/json",
        "application/json",
        "application/vnd.satchel.frame",
        "text/plain",
        "application/octet-stream",
        "x",
      ),
    }),
  );
}

async function send(device: TestDevice, request: HostileRequest): Promise<Answer<Problem>> {
  const { route, token } = request;
  const path = route.path.replace(/\{\w+\}/, encodeURIComponent(request.parameter));
  // A poll that is right waits, and a right sign-out ends the test's own login.
  const query = new URLSearchParams(
    route.path === "/v1/sync/poll" ? { timeout: "0", ...request.query } : request.query,
  );
  const authorization = {
    right: device.login.access_token,
    wrong: `${device.login.access_token.slice(0, -2)}AA`,
    none: undefined,
  }[route.path.endsWith("/logout") ? "wrong" : token];
  const text = Buffer.from(JSON.stringify(request.body) ?? "");
  const hasBody = route.method !== "GET" && route.method !== "HEAD";
  return call(`${device.url}${path}?${query.toString()}`, route.method, {
    ...(hasBody && { raw: text.subarray(0, Math.floor((text.length * request.cutAt) / 100)) }),
    headers: {
      ...(authorization && { authorization: `Bearer ${authorization}` }),
      ...(hasBody && { "content-type": request.contentType }),
    },
  });
}

function checkAnswer({ status, headers, body }: Answer<Problem>, name: string): void {
  if (status < 400) return;
  assert.ok(status < 500, `${name} was answered ${status}: ${JSON.stringify(body)}`);
  // What is asked for its head alone has nothing else to tell.
  if (name.startsWith("HEAD ")) return;
  assert.equal(headers.get("content-type"), "application/problem+json", name);
  assert.equal(problemKinds[body.code].status, status, name);
  assert.equal(body.status, status, name);
  assert.ok(body.detail.length > 0, name);
}

/** What the server holds of an account: the feed's end and the number of chunks. */
async function stateOf(server: TestServer, device: TestDevice): Promise<string> {
  return `${await device.cursor()} ${(await server.chunks.statistics()).chunks}`;
}

test("[AP1] whatever is sent to whichever route is answered with a documented problem, and stores nothing", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await ann.putFile("a.txt", "content");
  const routes = await listRoutes(server.url);
  const real = realValues(ann, await ann.cursor());
  let before = await stateOf(server, ann);
  await fc.assert(
    fc.asyncProperty(requestArbitrary(routes, real), async (request) => {
      const name = `${request.route.method} ${request.route.path}`;
      const answer = await send(ann, request);
      checkAnswer(answer, name);
      const after = await stateOf(server, ann);
      if (answer.status >= 400) assert.equal(after, before, name);
      before = after;
    }),
    { numRuns: testRuns(300) },
  );
  assert.equal((await call(`${server.url}/readyz`, "GET")).status, 200);
});

test("[AP1] hostile operations in a commit are each refused with a code, or done", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { id, versionId } = await ann.putFile("a.txt", "content");
  const ids = fc.constantFrom(ann.root, id, ann.newId(), "aaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbb", "x");
  const names = fc.constantFrom("a.txt", "b", "..", "a/b", "n\0l", "é".repeat(128), "\ud800", "x".repeat(255));
  const content = fc.record({
    version_hash: fc.constantFrom("0".repeat(64), "nothash"),
    size: fc.constantFrom(-1, 0, 7, 2 ** 46, 2 ** 60),
    chunks: fc.constantFrom(
      "",
      "AAAA",
      "not base64!",
      Buffer.alloc(36).toString("base64"),
      Buffer.alloc(36, 255).toString("base64"),
    ),
    modified: fc.constantFrom("2026-01-01T00:00:00.000Z", "yesterday", "9999-12-31T23:59:59Z"),
    executable: fc.boolean(),
  });
  const versions = fc.constantFrom(versionId, "v1", "");
  const operation = fc.oneof(
    fc.record({ op: fc.constant("create_file"), id: ids, parent_id: ids, name: names, content }),
    fc.record({ op: fc.constant("create_folder"), id: ids, parent_id: ids, name: names }),
    fc.record({
      op: fc.constant("create_link"),
      id: ids,
      parent_id: ids,
      name: names,
      link_target: names,
      modified: fc.constant("2026-01-01T00:00:00Z"),
    }),
    fc.record({ op: fc.constant("edit_file"), id: ids, base_version_id: versions, content }),
    fc.record({
      op: fc.constant("touch"),
      id: ids,
      modified: fc.constantFrom("2026-01-01T00:00:00Z", "0000-01-01T00:00:00Z", ""),
      executable: fc.boolean(),
    }),
    fc.record({ op: fc.constant("move"), id: ids, parent_id: ids, name: names, base_parent_id: ids, base_name: names }),
    fc.record({ op: fc.constantFrom("delete", "explode"), id: ids }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 4 }), async (operations) => {
      const answer = await ann.post("/v1/sync/commit", {
        workspace_id: ann.login.workspace_id,
        seen: await ann.cursor(),
        operations,
      });
      checkAnswer(answer, JSON.stringify(operations));
    }),
    { numRuns: testRuns(100) },
  );
  assert.equal((await ann.get("/v1/sync/changes")).status, 200);
});

test("[AP2] a connection that breaks off in the middle of a body leaves nothing behind", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const before = await stateOf(server, ann);
  const { connect } = await import("node:net");
  const { port } = new URL(server.url);
  for (const path of ["/v1/sync/commit", "/v1/chunks/upload", "/v1/files/restore"]) {
    const socket = connect(Number(port), "127.0.0.1");
    const head = [
      `POST ${path} HTTP/1.1`,
      "host: x",
      `authorization: ${ann.authorization.authorization}`,
      "content-type: application/vnd.satchel.frame",
    ];
    socket.write([...head, "content-length: 100000", "", "\0\0\0\x02{}"].join("\r\n"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
  }
  assert.equal(await stateOf(server, ann), before);
  assert.doesNotMatch(server.log.join(""), /"level":50/);
});
