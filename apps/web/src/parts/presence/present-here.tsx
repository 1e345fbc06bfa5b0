import { lazy, Suspense, type ReactNode } from "react";
import type { EntryId } from "@satchel/protocol";
import { usePresent } from "../../data/presence/use-present.ts";

/** Few files are looked at by two at a time. */
const PresentAvatars = lazy(async () => ({ default: (await import("./present-avatars.tsx")).PresentAvatars }));

/** Who else has the file open; nothing while nobody has. */
export function PresentHere({ fileId }: { readonly fileId: EntryId }): ReactNode {
  const people = usePresent(fileId);
  return people.length === 0 ? null : (
    <Suspense>
      <PresentAvatars people={people} />
    </Suspense>
  );
}
