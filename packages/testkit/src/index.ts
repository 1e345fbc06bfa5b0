export { browserOrThrow, findBrowser } from "./browser.ts";
export { clamdMaxBytes, eicar, findClamd, startClamd, type RunningClamd } from "./clamd.ts";
export { startConnectProxy, type ConnectProxy, type ConnectProxyOptions } from "./connect-proxy.ts";
export { postgresBinaries } from "./postgres-cluster.ts";
export { SHARED_POSTGRES_VARIABLE, startPostgres, type RunningPostgres } from "./postgres.ts";
export { startPostgresPair, type PostgresPair } from "./postgres-pair.ts";
export { freePort } from "./guarded-server.ts";
export { startHaproxy, type RunningHaproxy } from "./haproxy.ts";
export { findKeyServices, keyServicesFolder } from "./key-services/key-service-programs.ts";
export { startMoto, type RunningMoto } from "./key-services/moto.ts";
export { startOpenBao, type RunningOpenBao } from "./key-services/openbao.ts";
export { findRedis, startRedis, type RunningRedis } from "./redis.ts";
export {
  findReverseProxy,
  startReverseProxy,
  type ReverseProxyName,
  type RunningReverseProxy,
} from "./reverse-proxies.ts";
export { findS3Server, s3BuildFolder, startS3, type RunningS3 } from "./s3.ts";
export { seededRandom, type SeededRandom } from "./seeded-random.ts";
export { temporaryDirectory, type TemporaryDirectory } from "./temporary-directory.ts";
export { TEST_EFFORT_VARIABLE, testRuns } from "./test-runs.ts";
export { goesWithout } from "./goes-without.ts";
