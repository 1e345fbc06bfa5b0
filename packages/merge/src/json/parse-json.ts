import type { JsonMember, JsonNode } from "./json-node.ts";

/** Deeper values are not looked into. */
const maxDepth = 64;

/** A text that holds one JSON value, and the blanks around it. */
export interface JsonText {
  readonly before: string;
  readonly value: JsonNode;
  readonly after: string;
}

/** Undefined for what isn't JSON (RFC 8259), is nested deeper than 64, or has an object with one key twice. */
export function parseJson(text: string): JsonText | undefined {
  const parser = new Parser(text);
  try {
    const before = parser.blanks();
    const value = parser.value(0);
    const after = parser.blanks();
    return parser.isAtEnd ? { before, value, after } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  blanks(): string {
    return this.#take(/[ \t\r\n]*/y);
  }

  value(depth: number): JsonNode {
    if (depth > maxDepth) throw new SyntaxError("too deep");
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    const raw =
      first === '"' ? this.#string() : this.#take(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (raw === "") throw new SyntaxError("no value");
    const canonical = first === '"' ? JSON.stringify(JSON.parse(raw)) : raw;
    return { type: "scalar", raw, canonical, members: [], after: "" };
  }

  #object(depth: number): JsonNode {
    const start = this.#at;
    const keys = new Set<string>();
    const { members, after } = this.#members("}", (before) => {
      const rawKey = this.#string();
      const key = JSON.parse(rawKey) as string;
      if (keys.has(key)) throw new SyntaxError("a key twice");
      keys.add(key);
      const head = rawKey + this.#take(/[ \t\r\n]*:[ \t\r\n]*/y);
      if (head === rawKey) throw new SyntaxError("no colon");
      return { key, before, head, value: this.value(depth + 1) };
    });
    const sorted = members
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key, value }) => `${JSON.stringify(key)}:${value.canonical}`);
    return {
      type: "object",
      raw: this.#text.slice(start, this.#at),
      canonical: `{${sorted.join(",")}}`,
      members,
      after,
    };
  }

  #array(depth: number): JsonNode {
    const start = this.#at;
    let position = 0;
    const { members, after } = this.#members("]", (before) => {
      position += 1;
      return { key: String(position), before, head: "", value: this.value(depth + 1) };
    });
    const canonical = `[${members.map(({ value }) => value.canonical).join(",")}]`;
    return { type: "array", raw: this.#text.slice(start, this.#at), canonical, members, after };
  }

  #members(end: string, member: (before: string) => JsonMember): { members: JsonMember[]; after: string } {
    const members: JsonMember[] = [];
    this.#at += 1;
    let before = this.blanks();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return { members, after: before };
    }
    for (;;) {
      members.push(member(before));
      const after = this.blanks();
      const next = this.#text[this.#at];
      this.#at += 1;
      if (next === end) return { members, after };
      if (next !== ",") throw new SyntaxError("no comma");
      before = this.blanks();
    }
  }

  #string(): string {
    const raw = this.#take(/"(?:[^"\\\n]|\\.)*"/y);
    if (raw === "") throw new SyntaxError("no string");
    JSON.parse(raw);
    return raw;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}
