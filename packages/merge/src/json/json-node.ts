/** A JSON value as it stands in a text. */
export interface JsonNode {
  readonly type: "object" | "array" | "scalar";
  /** Just as it was written. */
  readonly raw: string;
  /** The same for equal values, however they are written; numbers are equal when they are written alike. */
  readonly canonical: string;
  /** Of an object by key, in order; of an array by position. */
  readonly members: readonly JsonMember[];
  /** The blanks after the last member. */
  readonly after: string;
}

export interface JsonMember {
  /** Of an array's item its position. */
  readonly key: string;
  /** The blanks before it. */
  readonly before: string;
  /** The key and the colon with their blanks; nothing in an array. */
  readonly head: string;
  readonly value: JsonNode;
}

export function isSameValue(a: JsonNode, b: JsonNode): boolean {
  return a.canonical === b.canonical;
}
