import type { ReactNode } from "react";
import { OfflineError } from "@satchel/api-client";
import { PreviewNote } from "./preview-note.tsx";

interface FailedNoteProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onDownload?: () => void;
}

/** What went wrong in reading a content: without a network downloading wouldn't help either. */
export function FailedNote({ error, onRetry, onDownload }: FailedNoteProps): ReactNode {
  const isOffline = error instanceof OfflineError || !navigator.onLine;
  if (isOffline) return <PreviewNote reason="offline" onRetry={onRetry} />;
  return <PreviewNote reason="failed" onRetry={onRetry} onDownload={onDownload} />;
}
