import { lazy, Suspense, type ReactNode } from "react";
import type { EntryId, VersionId } from "@satchel/protocol";
import { hasSmallPicture } from "../../data/pictures/has-small-picture.ts";
import { EntryIcon } from "../file-list/entry-icon.tsx";
import type { Entry } from "../../data/files/entry.ts";

const SmallPicture = lazy(async () => ({ default: (await import("./small-picture.tsx")).SmallPicture }));

/** What an entry's picture is made of. */
export interface Pictured extends Pick<Entry, "name" | "type" | "mounts"> {
  readonly id: EntryId;
  readonly latest_version: VersionId | null;
}

interface EntryPictureProps {
  readonly entry: Pictured;
  /** Of the icon, in pixels; the picture fills what is around it. */
  readonly size: number;
}

/** What a file looks like, where there is a picture of it; else, and until then, what kind of thing it is. It fills the place that it is put in, which has its size from the beginning. */
export function EntryPicture({ entry, size }: EntryPictureProps): ReactNode {
  const icon = <EntryIcon entry={entry} size={size} />;
  if (!hasSmallPicture(entry)) return icon;
  return (
    <Suspense fallback={icon}>
      <SmallPicture entry={entry}>{icon}</SmallPicture>
    </Suspense>
  );
}
