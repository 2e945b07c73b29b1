import { Interrupted, interruption } from "../../deploy/local/interruption.ts";
import { StackError } from "../../deploy/local/stack.ts";
import { readCommandLine, wholeNumber } from "../../mixins/support/command-line.ts";
import type { ChaosOptions } from "./run-chaos.ts";
import { runChaos } from "./run-chaos.ts";

const line = {
  name: "chaos",
  about:
    "Lets buyers buy from a cluster of its own while faults happen, and compares what they were told with the databases.",
  options: {
    seed: {
      type: "string",
      value: "N",
      help: "decides which faults happen, where and when (default: another one each time)",
    },
    minutes: { type: "string", value: "M", default: "2", help: "how long faults happen" },
    buyers: { type: "string", value: "B", default: "20", help: "so many buyers" },
    keep: { type: "boolean", default: false, help: "leave logs and history also of a run that went well" },
  },
  notes: `It starts servers and nodes of its own in a temporary directory.
Exit status: 0 when everything agrees, 1 when something does not, 2 when the run could not
be done or taken away.`,
} as const;

async function main(): Promise<number> {
  const options = await readCommandLine(line, ({ seed, minutes, buyers, keep }): ChaosOptions => ({
    seed:
      seed === undefined ? Math.floor(Math.random() * 1_000_000) : wholeNumber("--seed", seed, 0, 2 ** 31),
    durationMs: number("--minutes", minutes, 0.1, 24 * 60) * 60_000,
    buyers: wholeNumber("--buyers", buyers, 1, 500),
    pauseMs: 4000,
    smallDisks: true,
    keep,
    log: (text) => process.stdout.write(`${text}\n`),
  }));
  // A promise that does not settle must not end the process silently.
  setInterval(() => undefined, 60_000);
  const { findings, left } = await runChaos({ ...options, signal: interruption() });
  for (const what of left) process.stderr.write(`chaos: not taken away: ${what}\n`);
  if (findings.length > 0) return 1;
  return left.length === 0 ? 0 : 2;
}

function number(name: string, text: string, min: number, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new TypeError(`${name} must be a number from ${min} to ${max}`);
}

const exitCode = await main().catch((error: unknown) => {
  const { message, stack } = error as Error;
  process.stderr.write(`chaos: ${error instanceof StackError ? message : (stack ?? message)}\n`);
  return error instanceof Interrupted ? error.exitCode : 2;
});
// Does not wait for hanging handles.
process.exit(exitCode);
