import { parseArgs } from "node:util";
import type { Result } from "./proof.ts";
import { describe, judge } from "./report.ts";

/** What a program that runs on the client's machine is told by the one that made the machines. */
export interface RunArguments {
  /** The process that made the machines; it is in their names. */
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

/** Prints what was found, and ends the process with 0 when all goals were reached. */
export function conclude({ episodes, books }: Omit<Result, "missed">, say: (line: string) => void): never {
  const missed = judge(episodes, books);
  say(describe({ episodes, books, missed }));
  process.exit(missed.length === 0 ? 0 : 1);
}
