import type { ApiClient } from "@satchel/api-client";
import { maxReportedFiles, type DeviceReport } from "@satchel/protocol";
import { isUnfinished, type UploadQueue, type UploadsView } from "../uploads/upload-queue.ts";

/** How often it is told how far uploads have come. */
const tellEveryMs = 3000;

/** Tells the server what this browser uploads, for those who look at the folders that it goes to; resolves when nothing is left. Nothing depends on it: what can't be told is not. */
export async function tellUploads(api: Pick<ApiClient, "reportDevice">, uploads: UploadQueue): Promise<void> {
  for (let report = reportOf(uploads.view()); ; report = reportOf(uploads.view())) {
    await api.reportDevice(report).catch(() => undefined);
    if (report.state === "synced") return;
    await new Promise((resolve) => setTimeout(resolve, tellEveryMs));
  }
}

function reportOf({ uploads }: UploadsView): DeviceReport {
  const pending = uploads.filter(isUnfinished);
  const isMoving = pending.some(({ state }) => state !== "paused");
  return {
    state: pending.length === 0 ? "synced" : isMoving ? "syncing" : "paused",
    uploads: pending.length,
    downloads: 0,
    bytes: pending.reduce((sum, { sizeBytes, sentBytes }) => sum + Math.max(0, sizeBytes - sentBytes), 0),
    arriving: isMoving
      ? pending.slice(0, maxReportedFiles).map(({ folderId, name }) => ({ folder_id: folderId, name }))
      : [],
  };
}
