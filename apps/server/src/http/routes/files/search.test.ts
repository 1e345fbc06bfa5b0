import assert from "node:assert/strict";
import { test } from "node:test";
import type { SearchResponse } from "@satchel/protocol";
import { startTestServer } from "../../test-server.fixture.ts";

test("[SR11] what was just put is found by name, with its path, its kind and what matched", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await ann.putFile("Holiday in Rome.jpg", "bytes");
  const { status, body } = await ann.get<SearchResponse>("/v1/search?q=rome");
  assert.equal(status, 200);
  const [found] = body.results;
  assert.deepEqual(
    [found?.path, found?.kind, found?.match, found?.found, found?.shared, found?.size],
    ["/Holiday in Rome.jpg", "image", "words", [[11, 15]], false, 5],
  );
  assert.deepEqual([body.results.length, body.cursor, body.complete], [1, null, true]);
});

test("[SR11] filters are read from the address, and what makes no sense is bad_request", async (t) => {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  await ann.putFile("a.jpg", "12345");
  await ann.putFile("a.txt", "123");
  const names = async (query: string) => {
    const { body } = await ann.get<SearchResponse>(`/v1/search?${query}`);
    return body.results.map(({ name }) => name);
  };
  assert.deepEqual(await names("q=a&kind=image,video"), ["a.jpg"]);
  assert.deepEqual(await names("max_size=3"), ["a.txt"]);
  assert.deepEqual(await names("q=a&min_size=4&shared=false&owner=ann&folder_id=root"), ["a.jpg"]);
  assert.deepEqual(await names("q=a&shared=true"), []);
  assert.deepEqual(await names("q=a&modified_after=2999-01-01T00:00:00Z"), []);
  for (const query of [
    "",
    "q=%20",
    "q=a&kind=nothing",
    "q=a&min_size=-1",
    "q=a&min_size=x",
    "q=a&modified_after=today",
    "q=a&shared=perhaps",
    "q=a&limit=0",
    "q=a&limit=101",
    "q=a&cursor=%00",
    `q=${"a".repeat(201)}`,
  ]) {
    const { status, body } = await ann.get(`/v1/search?${query}`);
    assert.deepEqual([status, body.code], [400, "bad_request"], query);
  }
});
