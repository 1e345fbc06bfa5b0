import type { WantedUpload } from "./upload-queue.ts";

/** Asking a file for its size goes to the disk each time, and may take a while: so many are measured at most, and for so long (in milliseconds), before the page has its turn. */
const maxMeasured = 50;
const measuringMs = 8;

export interface MeasuredUpload extends WantedUpload {
  readonly sizeBytes: number;
}

/** Some of the uploads from a place on, at least one, with their sizes: as many as there is time for. */
export function measureSome(wanted: readonly WantedUpload[], from: number): MeasuredUpload[] {
  const endsMs = performance.now() + measuringMs;
  const measured: MeasuredUpload[] = [];
  for (const upload of wanted.slice(from, from + maxMeasured)) {
    measured.push({ ...upload, sizeBytes: upload.file.size });
    if (performance.now() > endsMs) break;
  }
  return measured;
}
