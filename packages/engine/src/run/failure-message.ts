/** What whoever threw this has to say, for a person; in JavaScript anything can be thrown. */
export function failureMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
