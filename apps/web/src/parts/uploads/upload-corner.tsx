import { lazy, Suspense, useCallback, useSyncExternalStore, type ReactNode } from "react";
import { useApp } from "../../data/app-context.ts";

const UploadPanel = lazy(async () => ({ default: (await import("./upload-panel.tsx")).UploadPanel }));

/** Where uploads are told of, once there are any: the panel comes with the first one. */
export function UploadCorner(): ReactNode {
  const { uploads: queue } = useApp();
  const watch = useCallback((onChange: () => void) => queue.watch(onChange), [queue]);
  const view = useSyncExternalStore(watch, () => queue.view());
  return <Suspense>{view.uploads.length > 0 || view.left.length > 0 ? <UploadPanel view={view} /> : null}</Suspense>;
}
