/** How often a replica was asked, by what became of it. */
export interface ReplicaStatistics {
  /** It answered. */
  readonly replica: number;
  /** It hadn't repeated the workspace's last change, and the primary answered. */
  readonly behind: number;
  /** It could not be asked, and the primary answered. */
  readonly away: number;
}
