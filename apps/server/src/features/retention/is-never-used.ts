import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";

/**
 * Was there never an account in this database? Chunks that are stored beside it are then another database's (the settings name the wrong one), and not garbage. After the last account was erased, the audit log tells.
 */
export async function isNeverUsed({
  maintenance,
  audit,
}: Pick<MetadataStore, "maintenance" | "audit">): Promise<boolean> {
  const [workspace] = await maintenance.listWorkspaces({ after: undefined, limit: 1 });
  if (workspace !== undefined) return false;
  const erased = { accountId: undefined, action: "account_erased", before: undefined, limit: 1 };
  return (await audit.list(erased)).length === 0;
}
