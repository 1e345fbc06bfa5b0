/**
 * Whether this run was told to leave out the tests that need a service, the right to mount a disk, other shells, or a browser: `SATCHEL_TEST_WITHOUT=postgres,s3,redis,haproxy,proxies,keys,mount,shells,archives,webdav,pdf,browser,media,malware` (a comma
 * list). Nothing else may leave tests out; a service that is merely missing fails them.
 */
export function goesWithout(
  service:
    | "postgres"
    | "s3"
    | "redis"
    | "haproxy"
    | "proxies"
    | "keys"
    | "archives"
    | "webdav"
    | "pdf"
    | "mount"
    | "shells"
    | "browser"
    | "media"
    | "malware",
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const list = environment["SATCHEL_TEST_WITHOUT"] ?? "";
  return list.split(",").some((name) => name.trim() === service);
}
