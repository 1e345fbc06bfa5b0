import type { EntryId } from "@satchel/protocol";
import type { DragEvent, KeyboardEvent, MouseEvent, RefObject } from "react";
import type { Entry } from "../../data/files/entry.ts";
import type { Reach, Selection } from "../../data/selection/selection.ts";

/** What lists and grids of entries have in common. */
export interface EntriesProps {
  readonly label: string;
  readonly entries: readonly Entry[];
  /** A large folder is shown in its old order until the new one is known. */
  readonly isSorting: boolean;
  readonly selection: Selection<EntryId>;
  /** Entries that were cut, shown as about to leave. */
  readonly cut: ReadonlySet<EntryId>;
  /** Names of which a device brings a new version now. */
  readonly arriving: ReadonlySet<string>;
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly onSelect: (entry: Entry, reach: Reach) => void;
  readonly onOpen: (entry: Entry) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** Some entries are dragged onto this folder. */
  readonly onDropOn: (folder: Entry) => void;
  readonly onDragStart: (entry: Entry, event: DragEvent) => void;
}

/** How a click is meant, as every file manager has it. */
export function reachOf(event: Pick<MouseEvent, "shiftKey" | "ctrlKey" | "metaKey">): Reach {
  if (event.shiftKey) return "range";
  return event.ctrlKey || event.metaKey ? "toggle" : "alone";
}

/** The DOM id of an entry, for `aria-activedescendant`. */
export function domIdOf(id: EntryId): string {
  return `entry-${id}`;
}

/** The type under which dragged entries travel, so that files from outside are told apart. */
export const dragType = "application/x-satchel-entries";
