import { ProblemError, type ProblemCode } from "@satchel/protocol";

/** The conditions of RFC 4918, section 16, and RFC 4331 that answers name. */
export type DavCondition =
  | "lock-token-matches-request-uri"
  | "lock-token-submitted"
  | "no-conflicting-lock"
  | "propfind-finite-depth"
  | "cannot-modify-protected-property"
  | "quota-not-exceeded";

/** A refusal whose status is one of WebDAV's own. */
export class DavError extends ProblemError {
  readonly davStatus: number;
  readonly condition: DavCondition | undefined;
  /** The places that it is about, by their names. */
  readonly places: readonly (readonly string[])[];

  constructor(
    davStatus: number,
    detail: string,
    about: { readonly condition?: DavCondition; readonly places?: readonly (readonly string[])[] } = {},
  ) {
    super(davCodes[davStatus] ?? "bad_request", detail);
    this.davStatus = davStatus;
    this.condition = about.condition;
    this.places = about.places ?? [];
  }
}

/** What the API would call it. */
const davCodes: Readonly<Record<number, ProblemCode>> = {
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  409: "not_found",
  412: "version_conflict",
  415: "unsupported_media_type",
  423: "place_conflict",
  507: "quota_exceeded",
};
