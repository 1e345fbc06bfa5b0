import { CommandError, exitCode } from "@satchel/cli";
import { DirectoryInUseError, ServerConfigError } from "@satchel/server";

/** Those whose message tells a person what to do. */
const knownErrors =
  /^(DatabaseNewerError|DatabaseInUseError|ChunkStoreKeyError|ChunkStoreFullError|KeyServiceError|BackupError|SealBrokenError)$/;

/** Runs `work`, and makes what the server says about a start that can't succeed the command's own sentence. */
export async function explainServerErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServerConfigError) throw new CommandError(exitCode.usage, asSentence(error), { cause: error });
    if (error instanceof DirectoryInUseError)
      throw new CommandError(exitCode.failed, asSentence(error), { cause: error });
    if (error instanceof Error && knownErrors.test(error.name)) {
      throw new CommandError(exitCode.failed, asSentence(error), { cause: error });
    }
    throw error;
  }
}

function asSentence({ message }: Error): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`;
}
