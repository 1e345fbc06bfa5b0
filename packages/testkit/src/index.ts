export { browserOrThrow, findBrowser } from "./browser.ts";
export { startConnectProxy, type ConnectProxy, type ConnectProxyOptions } from "./connect-proxy.ts";
export { postgresBinaries } from "./postgres-cluster.ts";
export { SHARED_POSTGRES_VARIABLE, startPostgres, type RunningPostgres } from "./postgres.ts";
export { findS3Server, s3BuildFolder, startS3, type RunningS3 } from "./s3.ts";
export { seededRandom, type SeededRandom } from "./seeded-random.ts";
export { temporaryDirectory, type TemporaryDirectory } from "./temporary-directory.ts";
export { TEST_EFFORT_VARIABLE, testRuns } from "./test-runs.ts";
export { goesWithout } from "./goes-without.ts";
