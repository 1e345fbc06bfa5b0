/** What is wrong with a manifest. The codes are stable. */
export type ManifestErrorCode = "manifest_length" | "manifest_too_long" | "manifest_hash" | "manifest_chunk_size";

/** A manifest that can't be right. Trying again won't help: whoever made it has to. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  readonly code: ManifestErrorCode;

  constructor(code: ManifestErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
