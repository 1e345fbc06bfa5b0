import { findHome } from "../home/home.ts";
import type { Home } from "../home/home.ts";
import type { Session } from "../home/session.ts";
import type { Terminal } from "../output/terminal.ts";

/** What every command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly version: string;
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** How this program is started: the executable and the arguments before a command's own. */
  readonly program: readonly [string, ...string[]];
}

/** Options that commands of a device share. */
export interface HomeOptions {
  readonly home?: string;
}

export interface OutputOptions extends HomeOptions {
  readonly json?: boolean;
}

export function homeOf(context: CommandContext, options: HomeOptions): Home {
  return findHome({ home: options.home, env: context.env, cwd: context.cwd });
}

/** Runs `work` with the device's session, and closes it afterwards. */
export async function withSession<T>(
  context: CommandContext,
  options: HomeOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { openSession } = await import("../home/session.ts");
  const session = await openSession(homeOf(context, options));
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
