import { ProblemError, type ProblemCode } from "@satchel/protocol";

/** A refusal whose status is one of the protocol's own. */
export class TusRefusal extends ProblemError {
  readonly tusStatus: number;

  constructor(tusStatus: number, code: ProblemCode, detail: string) {
    super(code, detail);
    this.tusStatus = tusStatus;
  }
}

/** What was sent is not what its checksum says. */
export const checksumMismatch = 460;
/** The server doesn't speak the version of the protocol that was named. */
export const otherVersion = 412;
