import type { CutJob } from "../jobs/cut-job.ts";
import type { FillPartJob } from "../jobs/fill-part-job.ts";
import type { FinishPartJob, OpenPartJob } from "../jobs/part-file.ts";
import type { ReadChunksJob } from "../jobs/read-chunks-job.ts";
import type { ReadSmallJob } from "../jobs/read-small-job.ts";
import type { ScanJob } from "../jobs/scan-job.ts";
import type { StructureJob } from "../jobs/structure-job.ts";
import type { WriteSmallJob } from "../jobs/write-small-job.ts";

/** Everything that disk workers do. */
export interface Jobs {
  readonly structure: StructureJob;
  readonly scan: ScanJob;
  readonly readSmall: ReadSmallJob;
  readonly readChunks: ReadChunksJob;
  readonly cut: CutJob;
  readonly writeSmall: WriteSmallJob;
  readonly openPart: OpenPartJob;
  readonly fillPart: FillPartJob;
  readonly finishPart: FinishPartJob;
}

export type JobName = keyof Jobs;
