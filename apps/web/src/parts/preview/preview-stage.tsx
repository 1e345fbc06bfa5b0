import { lazy, Suspense, type ReactNode } from "react";
import { isTooLarge, type PreviewKind } from "../../data/preview/preview-kind.ts";
import { PreviewNote } from "./preview-note.tsx";
import { DrawnStage } from "./stages/drawn-stage.tsx";
import { ImageStage } from "./stages/image-stage.tsx";
import { MediaStage } from "./stages/media-stage.tsx";
import type { StageProps } from "./stage-props.ts";
import { Waiting } from "./waiting.tsx";

// Each of the larger ones is loaded with the first file of its kind.
const PdfStage = lazy(async () => ({ default: (await import("./stages/pdf-stage.tsx")).PdfStage }));
const MarkdownStage = lazy(async () => ({ default: (await import("./stages/markdown-stage.tsx")).MarkdownStage }));
const TableStage = lazy(async () => ({ default: (await import("./stages/table-stage.tsx")).TableStage }));
const TextStage = lazy(async () => ({ default: (await import("./stages/text-stage.tsx")).TextStage }));
const ArchiveStage = lazy(async () => ({ default: (await import("./stages/archive-stage.tsx")).ArchiveStage }));

interface PreviewStageProps extends StageProps {
  readonly kind: PreviewKind;
}

/** The file itself, or why it isn't shown. */
export function PreviewStage({ kind, ...props }: PreviewStageProps): ReactNode {
  const { entry, onDownload } = props;
  if (kind === "none") return <PreviewNote reason="none" onDownload={onDownload} />;
  if (entry.size === 0) return <PreviewNote reason="empty" />;
  // A large picture is shown as the server draws it.
  const shown = kind === "image" && isTooLarge(kind, entry.size) ? "drawn" : kind;
  if (isTooLarge(shown, entry.size)) return <PreviewNote reason="large" onDownload={onDownload} />;
  return <Suspense fallback={<Waiting />}>{stageOf(shown, props)}</Suspense>;
}

function stageOf(kind: Exclude<PreviewKind, "none">, props: StageProps): ReactNode {
  switch (kind) {
    case "image":
      return <ImageStage {...props} />;
    case "drawn":
      return <DrawnStage {...props} />;
    case "video":
    case "audio":
      return <MediaStage {...props} kind={kind} />;
    case "pdf":
      return <PdfStage {...props} />;
    case "markdown":
      return <MarkdownStage {...props} />;
    case "table":
      return <TableStage {...props} />;
    case "zip":
    case "tar":
      return <ArchiveStage {...props} kind={kind} />;
    case "text":
      return <TextStage {...props} />;
  }
}
