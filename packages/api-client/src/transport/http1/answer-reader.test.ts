import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AnswerReader } from "./answer-reader.ts";
import { MalformedAnswerError } from "./answer-head.ts";

const options = { maxBytes: 1000, into: undefined };

/** Reads an answer that comes in portions; with `direct`, body bytes are put where the reader wants them. */
function read(reader: AnswerReader, answer: string, portions: readonly number[], direct = false): void {
  const bytes = Buffer.from(answer, "latin1");
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const portion = bytes.subarray(at, at + (portions[turn % portions.length] ?? 1));
    const room = direct ? reader.room() : undefined;
    if (room) {
      const count = portion.copy(room);
      reader.filled(count);
      at += count;
    } else {
      reader.add(portion);
      at += portion.length;
    }
  }
}

const portions = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });
const forms = fc.constantFrom(
  "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
  "HTTP/1.1 200\r\ntransfer-encoding: chunked\r\n\r\n6;a=b\r\nhello \r\n5\r\nworld\r\n0\r\nTrailer: x\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:11\r\n\r\nhello world",
);

test("[AC34] an answer is the same in whatever portions it comes, with its length, in chunks, after interim answers", () => {
  fc.assert(
    fc.property(forms, portions, fc.boolean(), (answer, sizes, direct) => {
      const reader = new AnswerReader(options);
      read(reader, answer, sizes, direct);
      assert.ok(reader.isWhole && reader.keepsAlive);
      assert.equal(reader.answer().status, 200);
      assert.equal(Buffer.from(reader.answer().body).toString(), "hello world");
    }),
  );
});

test("[AC34] an answer without a length ends with its connection, which is not used again", () => {
  const reader = new AnswerReader(options);
  read(reader, "HTTP/1.0 502 Bad Gateway\r\nA: 1\r\na: 2\r\n\r\nhello", [7]);
  assert.equal(reader.isWhole, false);
  reader.end();
  assert.ok(reader.isWhole && !reader.keepsAlive);
  assert.deepEqual({ ...reader.answer().headers }, { a: "1, 2" });
  assert.equal(Buffer.from(reader.answer().body).toString(), "hello");
});

test("[AC33] a body of known length is put into the memory given, if it fits", () => {
  for (const [sizeBytes, fits] of [
    [11, true],
    [10, false],
  ] as const) {
    const into = new Uint8Array(new SharedArrayBuffer(sizeBytes));
    const reader = new AnswerReader({ ...options, into });
    read(reader, "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world", [40], true);
    assert.equal(reader.answer().body.buffer === into.buffer, fits);
    assert.equal(Buffer.from(reader.answer().body).toString(), "hello world");
  }
});

test("[AC35] what is no answer, too long or cut short is refused", () => {
  const bad = [
    "SSH-2.0-x\r\n\r\n",
    "HTTP/1.1 999 x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 1, 2\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nz\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n",
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n${"x".repeat(1001)}`,
    `HTTP/1.1 200 OK\r\nx: ${"x".repeat(70_000)}`,
    "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(9),
  ];
  for (const answer of bad) {
    assert.throws(() => read(new AnswerReader(options), answer, [100_000]), MalformedAnswerError, answer.slice(0, 60));
  }
  for (const cut of [
    "",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n",
  ]) {
    const reader = new AnswerReader(options);
    read(reader, cut, [1000]);
    assert.throws(() => reader.end(), MalformedAnswerError, cut);
  }
});
