import { writeFile } from "node:fs/promises";
import { StackError } from "../../deploy/local/stack.ts";
import { writeIntoGuide } from "./report/guide.ts";

/** What every command that measures can be asked for. */
interface Wanted {
  /** A file for all measurements. */
  readonly json: string | undefined;
  /** Whether the tables are put into the guide. */
  readonly docs: boolean;
}

/** What was measured, what is shown of it, and where in `docs/guides` that belongs. */
export interface Measured {
  readonly report: object;
  readonly text: string;
  readonly guide: readonly [file: string, mark: string];
}

/** A command that measures. */
export interface Measurement<O extends Wanted> {
  /** Of its npm script. */
  readonly name: string;
  readonly usage: string;
  /** @returns undefined when only its usage is asked for. @throws TypeError for what it does not know */
  readonly readArguments: (args: string[]) => O | undefined;
  /** Why it cannot be done here, in a sentence; undefined when it can. */
  readonly obstacle: () => string | undefined;
  /** @param command how it was asked for */
  readonly measure: (options: O, command: string) => Promise<Measured>;
}

/** Runs the command. The process ends with status 0 when everything was measured, whatever came of it; with 2 when it could not be. */
export async function runMeasurement<O extends Wanted>(measurement: Measurement<O>): Promise<void> {
  try {
    process.exitCode = await run(measurement, process.argv.slice(2));
  } catch (error) {
    const expected = error instanceof StackError || error instanceof TypeError;
    const told = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`${measurement.name}: ${told}\n`);
    process.exitCode = 2;
  }
}

async function run<O extends Wanted>({ name, usage, readArguments, obstacle, measure }: Measurement<O>, args: string[]): Promise<number> {
  const options = readArguments(args);
  if (!options) {
    process.stdout.write(usage);
    return 0;
  }
  const found = obstacle();
  if (found !== undefined) {
    process.stderr.write(`\n${found}\n`);
    return 2;
  }
  const { report, text, guide } = await measure(options, [`npm run ${name} --`, ...args].join(" ").trim());
  process.stdout.write(`\n${text}`);
  if (options.json !== undefined) await writeFile(options.json, JSON.stringify(report, null, 2));
  if (options.docs) await writeIntoGuide(...guide, text);
  return 0;
}

/** Those of `all` that a list of names asks for; all of them without one. @throws TypeError naming what is unknown */
export function some<T extends { readonly name: string }>(what: string, text: string | undefined, all: readonly T[]): readonly T[] {
  const names = text?.split(",") ?? all.map(({ name }) => name);
  const unknown = names.find((name) => all.every((each) => each.name !== name));
  if (unknown !== undefined) throw new TypeError(`no ${what} is called ${unknown}: ${all.map(({ name }) => name).join(", ")}`);
  return all.filter(({ name }) => names.includes(name));
}

/** @throws TypeError naming the option that should be a number */
export function wholeNumber(option: string, text: string, most: number): number {
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= most) return Number(text);
  throw new TypeError(`${option} must be a whole number from 1 to ${most}`);
}

/** This minute, in UTC. */
export function thisMinute(): string {
  return new Date().toISOString().slice(0, 16).replace("T", " ");
}

export function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
