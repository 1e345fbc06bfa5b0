import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { startCluster } from "./postgres-cluster.ts";
import { runSql } from "./postgres.ts";

/** A PostgreSQL and its replica: each commit waits until the replica has it, too. */
export interface PostgresPair extends AsyncDisposable {
  /** Leads to whichever server is the one that writes. */
  readonly url: string;
  readonly replicaUrl: string;
  /** The replica stops repeating what it is sent, and goes on again. It keeps it all the same. */
  setReplayPaused(isPaused: boolean): Promise<void>;
  stopReplica(): Promise<void>;
  /** The server that writes ends as by a crash, connections to it break off, and the replica takes its place behind {@link PostgresPair.url}. */
  failOver(): Promise<void>;
}

/**
 * Two servers of their own on this machine; see `startPostgres` for what they have in common with others. As behind a load balancer for databases, `url` stays when the server behind it changes.
 * @throws when PostgreSQL is not installed, saying how to get it
 */
export async function startPostgresPair(): Promise<PostgresPair> {
  await using undo = new AsyncDisposableStack();
  const primary = await startCluster();
  undo.defer(() => primary.stop());
  const replica = await startCluster({
    program: "pg_basebackup",
    // -R: the files say whose replica they are, and where that is.
    parameters: (data) => ["-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", primary.url],
  });
  undo.defer(() => replica.stop());
  await runSql(new URL(primary.url), "alter system set synchronous_standby_names = '*'");
  await runSql(new URL(primary.url), "select pg_reload_conf()");
  const way = await openWay(portOf(primary.url));
  undo.defer(() => way.close());
  const held = undo.move();
  return {
    url: at(primary.url, way.port),
    replicaUrl: replica.url,
    setReplayPaused: (isPaused) =>
      runSql(new URL(replica.url), `select pg_wal_replay_${isPaused ? "pause" : "resume"}()`),
    stopReplica: () => replica.stop(),
    async failOver() {
      way.cut();
      await primary.stop();
      await runSql(new URL(replica.url), "select pg_promote(true, 120)");
      // Nobody is left to wait for.
      await runSql(new URL(replica.url), "alter system set synchronous_standby_names = ''");
      await runSql(new URL(replica.url), "select pg_reload_conf()");
      way.leadTo(portOf(replica.url));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function at(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}

/** A port of loopback that leads to another one, which may change. */
async function openWay(firstPort: number) {
  let port: number | undefined = firstPort;
  const sockets = new Set<Socket>();
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    hold(socket);
    if (port === undefined) return void socket.destroy();
    const onward = connect(port, "127.0.0.1");
    hold(onward);
    socket.pipe(onward).pipe(socket);
    socket.on("close", () => onward.destroy());
    onward.on("close", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    port = undefined;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    leadTo(newPort: number): void {
      port = newPort;
    },
    async close(): Promise<void> {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
