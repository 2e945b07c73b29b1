import { parseArgs } from "node:util";
import { StackError } from "../../deploy/local/stack.ts";
import { formatReport } from "./report.ts";
import type { ChaosOptions } from "./run-chaos.ts";
import { runChaos } from "./run-chaos.ts";

const usage = `Usage: npm run chaos -- [options]

  --seed N       what decides which faults happen, where and when (by default another one each time)
  --minutes M    how long faults happen (2)
  --buyers B     so many buyers (20)
  --keep         leave logs and history also of a run that went well

It starts servers and nodes of its own in a temporary directory.
`;

/** Exit status: 0 when everything agrees, 1 when something does not, 2 when the run could not be done. */
async function main(args: string[]): Promise<number> {
  const options = readArguments(args);
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(name, () => interrupted.abort(new StackError(`Interrupted by ${name}`)));
  const report = await runChaos({ ...options, signal: interrupted.signal });
  process.stdout.write(`\n${formatReport(report)}`);
  return report.findings.length === 0 ? 0 : 1;
}

/** @throws TypeError for what it does not know */
function readArguments(args: string[]): ChaosOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string" },
      minutes: { type: "string", default: "2" },
      buyers: { type: "string", default: "20" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    seed: values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : number("--seed", values.seed, 0, 2 ** 31),
    durationMs: number("--minutes", values.minutes, 0.1, 24 * 60) * 60_000,
    buyers: Math.floor(number("--buyers", values.buyers, 1, 500)),
    pauseMs: 4000,
    smallDisks: true,
    keep: values.keep,
    tell: (line) => process.stdout.write(`${line}\n`),
  };
}

function number(name: string, text: string, min: number, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new TypeError(`${name} must be a number from ${min} to ${max}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof TypeError || error instanceof StackError;
  const { message, stack } = error as Error;
  process.stderr.write(`chaos: ${expected ? message : (stack ?? message)}\n`);
  process.exitCode = 2;
}
