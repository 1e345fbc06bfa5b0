export {
  addUser,
  checkStore,
  createJoinCode,
  disableUser,
  listUsers,
  setUserPassword,
  type UserSummary,
} from "./admin.ts";
export { serverConfig, ServerConfigError, type ServerConfig, type ServerOptions } from "./config.ts";
export { DirectoryInUseError } from "./data-directory/directory-lock.ts";
export type { NewUser } from "./features/identity/accounts.ts";
export type { StoreCheck } from "./features/operations/check-stores.ts";
export { startServer, type RunningServer } from "./start-server.ts";
