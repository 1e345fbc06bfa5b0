import type { Entry } from "../../data/files/entry.ts";
import type { Zoom } from "./use-zoom.ts";

/** What everything that shows a kind of file is given. */
export interface StageProps {
  readonly entry: Entry;
  readonly zoom: Zoom;
  readonly onDownload: () => void;
}
