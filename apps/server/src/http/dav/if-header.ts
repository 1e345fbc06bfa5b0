import { ProblemError } from "@satchel/protocol";

/** The most conditions in one header. */
const maxConditions = 100;

/** One of `<token>` and `["etag"]`, perhaps with `Not` before it. */
export interface IfCondition {
  readonly isNot: boolean;
  readonly kind: "token" | "etag";
  readonly value: string;
}

/** Conditions that have to hold together, about the address before them; undefined: about what the request is for. */
export interface IfList {
  readonly address: string | undefined;
  readonly conditions: readonly IfCondition[];
}

const part = /\s*(?:<(?<address>[^>\s]*)>|(?<open>\()|(?<close>\))|\[(?<etag>(?:W\/)?"[^"]*")\]|(?<not>Not\b))/iy;

/** The `If` header of RFC 4918, section 10.4. One of the lists has to hold. @throws bad_request */
export function parseIf(header: string): IfList[] {
  const lists: IfList[] = [];
  let address: string | undefined;
  let conditions: IfCondition[] | undefined;
  let [isNot, count] = [false, 0];
  part.lastIndex = 0;
  const text = header.trim();
  while (part.lastIndex < text.length) {
    const groups = part.exec(text)?.groups;
    if (!groups || (count += 1) > maxConditions) throw malformed();
    const { address: named, open, close, etag, not } = groups;
    if (conditions === undefined) {
      if (open !== undefined) conditions = [];
      else if (named !== undefined) address = named;
      else throw malformed();
    } else if (close !== undefined) {
      if (conditions.length === 0 || isNot) throw malformed();
      lists.push({ address, conditions });
      conditions = undefined;
    } else if (not !== undefined && !isNot) isNot = true;
    else if (named !== undefined || etag !== undefined) {
      const value = named ?? etag ?? "";
      conditions.push({ isNot, kind: named === undefined ? "etag" : "token", value });
      isNot = false;
    } else throw malformed();
  }
  if (conditions !== undefined || lists.length === 0) throw malformed();
  return lists;
}

/** Every token that is named, wherever: whoever names a lock's token is the one that has it. */
export function tokensOf(lists: readonly IfList[]): Set<string> {
  const named = lists.flatMap(({ conditions }) => conditions.filter(({ kind, isNot }) => kind === "token" && !isNot));
  return new Set(named.map(({ value }) => value));
}

function malformed(): ProblemError {
  return new ProblemError("bad_request", "the If header can't be read");
}
