import { exitCode, formatSize } from "@satchel/cli";
import type { CommandContext } from "@satchel/cli";
import * as server from "@satchel/server";
import { explainServerErrors } from "./explain-server-errors.ts";
import { storeConfig, type StoreOptions } from "./store-config.ts";

export interface PromoteOptions extends StoreOptions {
  readonly abandon?: boolean;
}

/** A line about progress for each so many rows, and chunks. */
const rowsPerLine = 100_000;
const bytesPerLine = 1024 * 1024 * 1024;

/** `satchel admin promote --database URL --blobs URL` */
export function promote(context: CommandContext, options: PromoteOptions): Promise<number> {
  return explainServerErrors(async () => {
    const { terminal } = context;
    const config = storeConfig(context, options);
    if (options.abandon) {
      await server.abandonServerPromotion(config);
      terminal.note(
        "The move was given up. What was copied is in the other stores still: empty them before another try.",
      );
      return exitCode.done;
    }
    const report = await server.promoteServer(
      config,
      tellSteps((line) => terminal.note(line)),
    );
    if (report === undefined) {
      terminal.note("This server was moved before.");
      return exitCode.done;
    }
    const { chunks, bytes, followedRows, lost } = report;
    if (options.json) terminal.print(JSON.stringify(report));
    else
      terminal.print(
        `Moved, with ${chunks} chunks (${formatSize(bytes)}) and ${followedRows} rows that changed meanwhile. What lay in the directory is in before-promotion: keep it until you have seen the new server work, with \`satchel admin check\`.`,
      );
    if (lost.length === 0) return exitCode.done;
    terminal.note(`The server had lost or damaged ${lost.length} chunks before: \`satchel admin check\` tells more.`);
    return exitCode.failed;
  });
}

function tellSteps(tell: (line: string) => void): (step: server.PromotionStep) => void {
  let [nextRows, nextBytes] = [rowsPerLine, bytesPerLine];
  return (step) => {
    if (step.doing === "rows" && step.rows >= nextRows) {
      tell(`${step.rows} rows are copied.`);
      nextRows = step.rows + rowsPerLine;
    } else if (step.doing === "chunks" && step.bytes >= nextBytes) {
      tell(`${formatSize(step.bytes)} of files are copied.`);
      nextBytes = step.bytes + bytesPerLine;
    } else if (step.doing === "following") {
      tell(
        "Everything is there, and changes follow. Start the server on the new stores now, beside the old one: it waits. Then stop the old one.",
      );
    }
  };
}
