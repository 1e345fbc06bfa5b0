export {
  addUser,
  createJoinCode,
  disableUser,
  listUsers,
  deleteUser,
  exportUser,
  keepUser,
  readAudit,
  readKeys,
  rotateKeys,
  readUserUsage,
  setUserQuota,
  setUserPassword,
  type UserSummary,
} from "./admin/admin.ts";
export { listMail, type KeptMailSummary } from "./admin/mail.ts";
export { allowQuarantined, listQuarantine, type QuarantineItem } from "./admin/quarantine.ts";
export { listTasks, retryTasks, type TaskSummary } from "./admin/tasks.ts";
export { collectGarbage, readGarbage } from "./admin/gc.ts";
export { checkStore, repairFromBackup } from "./admin/check.ts";
export { backUpServer, restoreServer, verifyServerBackup, type BackupPlace } from "./admin/backup.ts";
export { abandonServerPromotion, promoteServer, type PromotionReport, type PromotionStep } from "./admin/promote.ts";
export {
  addOAuthClient,
  inviteUser,
  listOAuthClients,
  removeOAuthClient,
  removeUserFactors,
} from "./admin/identity.ts";
export { serverConfig, type ServerConfig, type ServerOptions } from "./config/config.ts";
export { DirectoryInUseError } from "./data-directory/directory-lock.ts";
export { auditActions } from "./features/audit/audit-action.ts";
export type { NewUser } from "./features/identity/accounts.ts";
export type { StoreCheck } from "./features/operations/check-stores.ts";
export { ServerConfigError } from "./config/server-config-error.ts";
export { startServer, type RunningServer } from "./start/start-server.ts";

// For the simulator, which runs the core in its own process, over stores in memory.
export { createServerCore, type ServerCore } from "./server-core.ts";
export type { Caller } from "./features/authorisation/authorisation.ts";
export { deriveServerKeys } from "./features/identity/server-keys.ts";
export { checkStores } from "./features/operations/check-stores.ts";
export { createInProcessBus } from "./storage/bus/in-process-bus.ts";
export { MemoryChunkStore } from "./storage/chunks/memory-chunk-store.ts";
export type { MetadataStore } from "./storage/metadata/metadata-store.ts";
export { openInThreadMetadataStore } from "./storage/metadata/sqlite/open-in-thread.ts";
