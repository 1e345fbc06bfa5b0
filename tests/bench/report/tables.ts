import type { Sample } from "../measure/sample.ts";
import { formatBytes, formatTime, median, percentile } from "./units.ts";

/** Above this many processors kept busy by others, a figure is marked as disturbed. */
const DISTURBED_CORES = 0.3;

/** The tables of a run, in Markdown: wall time, CPU, bytes on the wire, memory. */
export function formatTables(samples: readonly Sample[]): string {
  const tables = [
    { title: "Wall time: median (least–most)", cell: wallCell },
    {
      title: "CPU seconds, all processes",
      cell: usageCell(
        ({ cpuSeconds }) => cpuSeconds,
        (value) => value.toFixed(2),
      ),
    },
    {
      title: "Bytes on the wire, both directions, all hops",
      cell: usageCell(({ wireBytes }) => wireBytes, formatBytes),
    },
    { title: "Peak resident memory, sum of processes", cell: usageCell(({ peakBytes }) => peakBytes, formatBytes) },
  ];
  return tables.map(({ title, cell }) => `### ${title}\n\n${formatTable(samples, cell)}`).join("\n\n");
}

type Cell = (samples: readonly Sample[]) => string;

function formatTable(samples: readonly Sample[], cell: Cell): string {
  const systems = [...new Set(samples.map(({ system }) => system))];
  const rows = [...new Set(samples.map(({ row }) => row))].toSorted();
  const lines = rows.map((row) => {
    const cells = systems.map((system) => {
      const own = samples.filter((sample) => sample.row === row && sample.system === system);
      return own.length === 0 ? "" : cell(own);
    });
    return [row, ...cells];
  });
  const header = ["scenario", ...systems];
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => (line[column] ?? "").length)));
  const format = (line: readonly string[]): string =>
    `| ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [format(header), rule, ...lines.map(format)].join("\n");
}

function wallCell(samples: readonly Sample[]): string {
  const times = samples.flatMap(({ timesMs }) => timesMs);
  const failed = samples.find(({ notWithinMs }) => notWithinMs !== undefined);
  const failures = samples.filter(({ notWithinMs }) => notWithinMs !== undefined).length;
  if (times.length === 0) return `not in ${formatTime(failed?.notWithinMs ?? 0)}${mark(samples)}`;
  const middle = `${formatTime(median(times))}${mark(samples)}`;
  const edits = samples.some(({ timesMs }) => timesMs.length > 1);
  const range = edits
    ? ` (p95 ${formatTime(percentile(times, 0.95))})`
    : times.length > 1
      ? ` (${formatTime(Math.min(...times))}–${formatTime(Math.max(...times))})`
      : "";
  return `${middle}${range}${failures > 0 ? `, ${failures} of ${samples.length} never` : ""}`;
}

function usageCell(value: (usage: Sample["usage"]) => number, format: (value: number) => string): Cell {
  return (samples) => {
    const done = samples.filter(({ timesMs }) => timesMs.length > 0);
    return done.length === 0 ? "–" : `${format(median(done.map(({ usage }) => value(usage))))}${mark(done)}`;
  };
}

/** `†` if every sample was disturbed. */
function mark(samples: readonly Sample[]): string {
  return samples.every(({ usage }) => usage.otherCores > DISTURBED_CORES) ? "†" : "";
}
