import { parseArgs } from "node:util";
import type { Result } from "./result.ts";
import { describe, judge } from "./report.ts";

/** Arguments of a program on the client's machine. */
export interface RunArguments {
  /** Id of the process that created the machines, part of their names. */
  readonly run: number;
  readonly directory: string;
  readonly short: boolean;
  readonly only: string | undefined;
}

export function argumentsOfRun(): RunArguments {
  const { values } = parseArgs({
    options: {
      run: { type: "string", default: "" },
      directory: { type: "string", default: "" },
      short: { type: "boolean", default: false },
      only: { type: "string" },
    },
  });
  return { ...values, run: Number(values.run), only: values.only };
}

/** Prints the findings, and exits with 0 when all goals were met. */
export function conclude(
  { episodes, comparison }: Omit<Result, "missed">,
  log: (line: string) => void,
): never {
  const missed = judge(episodes, comparison);
  log(describe({ episodes, comparison, missed }));
  process.exit(missed.length === 0 ? 0 : 1);
}
