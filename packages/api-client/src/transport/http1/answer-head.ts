/** How the end of an answer's body is told (RFC 9112, section 6.3). */
export type BodyEnd = { readonly by: "length"; readonly bytes: number } | { readonly by: "chunks" | "close" };

/** Status line and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; several of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyEnd;
  /** The connection may carry another request after this answer. */
  readonly keepsAlive: boolean;
}

/** What came is no answer of HTTP/1.1 that this client understands. */
export class MalformedAnswerError extends Error {
  override readonly name = "MalformedAnswerError";
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/;
const headerLine = /^([!#$%&'*+.^_`|~\dA-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

/** Reads the head of an answer to a request other than HEAD, without the empty line that ends it. @throws MalformedAnswerError */
export function parseAnswerHead(text: string): AnswerHead {
  const [first = "", ...lines] = text.split("\r\n");
  const [, minor, status] = statusLine.exec(first) ?? [];
  if (minor === undefined || status === undefined) throw new MalformedAnswerError("the answer is not HTTP/1.1");
  // No prototype: a header may have any name.
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw new MalformedAnswerError("the answer has a line that is no header");
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  const body = bodyEnd(Number(status), headers);
  const closes = /(^|,)\s*close\s*(,|$)/i.test(headers["connection"] ?? "") || minor === "0";
  return { status: Number(status), headers, body, keepsAlive: !closes && body.by !== "close" };
}

function bodyEnd(status: number, headers: Readonly<Record<string, string>>): BodyEnd {
  if (status < 200 || status === 204 || status === 304) return { by: "length", bytes: 0 };
  const coding = headers["transfer-encoding"];
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") throw new MalformedAnswerError(`the answer is coded as ${coding}`);
    return { by: "chunks" };
  }
  const length = headers["content-length"];
  if (length === undefined) return { by: "close" };
  if (!/^\d{1,15}$/.test(length)) throw new MalformedAnswerError("the answer's length is no number");
  return { by: "length", bytes: Number(length) };
}
