import { writeFile } from "node:fs/promises";
import { StackError } from "../../deploy/local/stack.ts";
import type { CommandLine, CommandOption, Given } from "../../mixins/support/command-line.ts";
import { readCommandLine } from "../../mixins/support/command-line.ts";
import { writeIntoGuide } from "./report/guide.ts";

/** Options shared by all benchmark commands. */
interface ReportOptions {
  /** File for all measurements as JSON. */
  readonly json: string | undefined;
  /** Whether to insert the tables into the guide. */
  readonly docs: boolean;
}

/** Measurements, their tables, and the place for them in `docs/guides`. */
export interface MeasurementResult {
  readonly report: object;
  readonly text: string;
  readonly guide: readonly [file: string, mark: string];
}

/** A benchmark command. */
export interface Measurement<A extends Record<string, CommandOption>, O extends ReportOptions> {
  readonly line: CommandLine<A>;
  /** @throws TypeError for unknown options */
  readonly read: (values: Given<A>["values"]) => O;
  /** Reason why it cannot run here; undefined when it can. */
  readonly missingPrerequisite: () => string | undefined;
  /** @param command the command line, for the report */
  readonly measure: (options: O, command: string) => Promise<MeasurementResult>;
}

/** Runs the command. Exits with 0 when everything was measured, whatever the result, otherwise with 2. */
export async function runMeasurement<const A extends Record<string, CommandOption>, O extends ReportOptions>(
  measurement: Measurement<A, O>,
): Promise<void> {
  const options = await readCommandLine(measurement.line, (values) => measurement.read(values));
  try {
    process.exitCode = await run(measurement, options);
  } catch (error) {
    const expected = error instanceof StackError;
    const told =
      error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`${measurement.line.name}: ${told}\n`);
    process.exitCode = 2;
  }
}

async function run<A extends Record<string, CommandOption>, O extends ReportOptions>(
  { line, missingPrerequisite, measure }: Measurement<A, O>,
  options: O,
): Promise<number> {
  const found = missingPrerequisite();
  if (found !== undefined) {
    process.stderr.write(`\n${found}\n`);
    return 2;
  }
  const { report, text, guide } = await measure(
    options,
    [`npm run ${line.name} --`, ...process.argv.slice(2)].join(" ").trim(),
  );
  process.stdout.write(`\n${text}`);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(report, null, 2));
  if (options.docs) await writeIntoGuide(...guide, text);
  return 0;
}

/**
 * The members of `all` in a list of names; all without a list.
 *
 * @throws TypeError naming unknown ones
 */
export function some<T extends { readonly name: string }>(
  what: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  const names = text?.split(",") ?? all.map(({ name }) => name);
  const unknown = names.find((name) => all.every((each) => each.name !== name));
  if (unknown !== undefined)
    throw new TypeError(`no ${what} is called ${unknown}: ${all.map(({ name }) => name).join(", ")}`);
  return all.filter(({ name }) => names.includes(name));
}

/** The current minute, in UTC. */
export function thisMinute(): string {
  return new Date().toISOString().slice(0, 16).replace("T", " ");
}

export function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
