import { examine } from "../../doctor/examine.ts";
import type { Finding } from "../../doctor/finding.ts";
import { exitCode } from "../../output/exit-code.ts";
import type { ExitCode } from "../../output/exit-code.ts";
import { plural, printable } from "../../output/format.ts";
import { homeOf } from "../command-context.ts";
import type { CommandContext, OutputOptions } from "../command-context.ts";

/** `satchel doctor`: looks at what a sync needs, and says what to do. Exit code 1 when there is a problem. */
export async function doctor(context: CommandContext, options: OutputOptions): Promise<ExitCode> {
  const { terminal, env } = context;
  const findings = await examine({ home: homeOf(context, options), env });
  const problems = findings.filter(({ level }) => level === "problem").length;
  if (options.json) terminal.print(JSON.stringify({ ok: problems === 0, findings }));
  else {
    for (const finding of findings) for (const line of describe(finding)) terminal.print(line);
    const warnings = findings.filter(({ level }) => level === "warning").length;
    terminal.note(`${plural(problems, "problem")}, ${plural(warnings, "warning")}.`);
  }
  return problems === 0 ? exitCode.done : exitCode.failed;
}

const marks: Readonly<Record<Finding["level"], string>> = { ok: "✓", warning: "!", problem: "✗", skipped: "–" };

function describe({ check, level, message, advice }: Finding): string[] {
  const line = `${marks[level]} ${check.replaceAll("_", " ").padEnd(12)}  ${printable(message)}`;
  return advice === undefined ? [line] : [line, `${" ".repeat(16)}→ ${printable(advice)}`];
}
