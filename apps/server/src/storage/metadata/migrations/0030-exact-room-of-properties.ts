/** What was pruned was not counted off before, so that the counts of {@link roomOfProperties} may be too high. From here on they are exact. */
export function exactRoomOfProperties(): string[] {
  return [
    `UPDATE workspaces SET dav_characters = COALESCE((SELECT SUM(LENGTH(p.namespace) + LENGTH(p.name) + LENGTH(p.value)) FROM dav_properties p
      WHERE p.workspace_id = workspaces.workspace_id), 0) WHERE dav_characters <> 0`,
  ];
}
