/** What one look found. */
export interface Finding {
  /** A stable name, such as `clock`. */
  readonly check: string;
  /** `skipped`: it could not be looked at, which another finding explains. */
  readonly level: "ok" | "warning" | "problem" | "skipped";
  /** One sentence. */
  readonly message: string;
  /** What to do, where something is to be done. */
  readonly advice?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, level: "ok", message };
}

export function skipped(check: string, message: string): Finding {
  return { check, level: "skipped", message };
}

export function warning(check: string, message: string, advice: string): Finding {
  return { check, level: "warning", message, advice };
}

export function problem(check: string, message: string, advice: string): Finding {
  return { check, level: "problem", message, advice };
}
