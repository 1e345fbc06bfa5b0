import type { ChangeEvent } from "@satchel/protocol";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";

/** The most commits that one workspace's memory holds. */
const maxCommits = 64;

interface RecentCommit {
  readonly before: FeedPosition;
  readonly after: FeedPosition;
  readonly events: readonly ChangeEvent[];
}

/** The last events of one workspace, so that a poll that comes a little late is told what happened, not only that something did. */
export class RecentEvents {
  #commits: RecentCommit[] = [];

  add(commit: RecentCommit): void {
    const last = this.#commits.at(-1);
    // A gap (a lost message, another process's commit) makes what came before it useless.
    if (last && !isSame(last.after, commit.before)) this.#commits = [];
    this.#commits.push(commit);
    if (this.#commits.length > maxCommits) this.#commits.shift();
  }

  /** All events between the two positions; undefined when the memory doesn't reach that far. */
  between(after: FeedPosition, head: FeedPosition): ChangeEvent[] | undefined {
    const start = this.#commits.findIndex((commit) => isSame(commit.before, after));
    if (start < 0 || !isSame(this.#commits.at(-1)?.after, head)) return undefined;
    return this.#commits.slice(start).flatMap((commit) => commit.events);
  }
}

function isSame(a: FeedPosition | undefined, b: FeedPosition): boolean {
  return a?.sequence === b.sequence && a.epoch === b.epoch;
}
