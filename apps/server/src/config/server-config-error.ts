/** A setting that can't be right; the message names it and says what to do. */
export class ServerConfigError extends Error {
  override readonly name = "ServerConfigError";
}
