/**
 * The largest chunk, in bytes (4 MiB), as the protocol has it; a test holds the two equal. It stands here again because importing a value from the protocol would load its
 * schema library into every worker thread that only cuts and hashes.
 */
export const maxChunkSizeBytes = 4 * 1024 * 1024;
