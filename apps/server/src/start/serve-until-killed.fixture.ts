import { serverConfig } from "../config/config.ts";
import { startServer } from "./start-server.ts";

/* A process of its own that serves the data directory it is given, says where, and ends only by being killed. */

const [, , data = ""] = process.argv;
const server = await startServer(
  serverConfig({ data, listen: "127.0.0.1:0" }, { SATCHEL_LOG_LEVEL: "silent", ...process.env }),
);
process.stdout.write(`${server.url}\n`);
