import assert from "node:assert/strict";
import { test } from "node:test";
import { call, startTestServer } from "./test-server.fixture.ts";

interface Operation {
  readonly summary?: string;
  readonly security?: unknown;
  readonly responses?: Record<string, { content?: Record<string, unknown> }>;
}
interface Document {
  readonly openapi: string;
  readonly components: { readonly schemas: Record<string, unknown> };
  readonly paths: Record<string, Record<string, Operation>>;
}

test("[AP8] the document describes every route with its answers and problems", async (t) => {
  const { url } = await startTestServer(t);
  const { body } = await call<Document>(`${url}/openapi.json`, "GET");
  assert.equal(body.openapi, "3.1.0");
  assert.ok(Object.keys(body.components.schemas).length > 20);
  const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  assert.ok(operations.length >= 28, `${operations.length} operations`);
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`;
    assert.ok(operation.summary, name);
    assert.ok(
      Object.keys(operation.responses ?? {}).some((status) => status.startsWith("2")),
      name,
    );
    if (path === "/openapi.json") continue;
    assert.ok(operation.responses?.["500"]?.content?.["application/problem+json"], name);
    assert.equal(
      operation.security !== undefined,
      ("401" in operation.responses && !path.startsWith("/v1/auth/")) || /logout|join_codes|auth\/device/.test(path),
      name,
    );
  }
});

test("[AP8] every reference in the document resolves", async (t) => {
  const { url } = await startTestServer(t);
  const { body } = await call<Document>(`${url}/openapi.json`, "GET");
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? "");
  assert.ok(references.length > 20);
  for (const reference of new Set(references)) {
    const [, name = ""] = /^#\/components\/schemas\/(\w+)$/.exec(reference) ?? [];
    assert.ok(name in body.components.schemas, reference);
  }
});
