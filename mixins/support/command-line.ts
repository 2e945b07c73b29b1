import type { ParseArgsOptionDescriptor } from "node:util";
import { parseArgs } from "node:util";
import { environmentWith } from "../../config/index.ts";

/** A command-line option, with its `--help` text. */
export interface CommandOption extends ParseArgsOptionDescriptor {
  readonly help: string;
  /** Placeholder of its value, such as `N` or `FILE`. */
  readonly value?: string;
}

/** A program's command line, from which `--help` is rendered. */
export interface CommandLine<O extends Record<string, CommandOption>> {
  /** Name of its npm script. */
  readonly name: string;
  /** Description; `npm run help` shows the first sentence. */
  readonly about: string;
  /** Other npm scripts that run this program, with descriptions. */
  readonly also?: Readonly<Record<string, string>>;
  /** Positional arguments in the usage, such as `[service…]`; none when absent. */
  readonly positionals?: string;
  readonly options: O;
  /** Notes below the options. */
  readonly notes?: string;
}

/** Parsed arguments, typed by the options. */
export type Given<O extends Record<string, CommandOption>> = ReturnType<
  typeof parseArgs<{ options: O & typeof help; allowPositionals: true; strict: true }>
>;

const help = { help: { type: "boolean", short: "h", default: false, help: "this text" } } as const;

/**
 * Reads the arguments of this process. `--help` prints the usage and exits with 0; an invalid argument prints
 * one line and exits with 2.
 *
 * @param read converts them for the program; throws a TypeError for unusable values
 */
export async function readCommandLine<const O extends Record<string, CommandOption>, T>(
  line: CommandLine<O>,
  read: (values: Given<O>["values"], positionals: readonly string[]) => T | Promise<T>,
): Promise<T> {
  try {
    const given = parseArgs({ options: { ...line.options, ...help }, allowPositionals: true, strict: true });
    if ((given.values as { help: boolean }).help) {
      process.stdout.write(usageOf(line));
      return await end(0);
    }
    const [first] = given.positionals;
    if (line.positionals === undefined && first !== undefined)
      throw new TypeError(`Unexpected argument '${first}'`);
    return await read(given.values, given.positionals);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The sentences after the first advise how to pass such a value anyway.
    const [reason] = error.message.split(". ");
    process.stderr.write(`${line.name}: ${reason} (see --help)\n`);
    return end(2);
  }
}

/** @throws TypeError naming the option */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new TypeError(`${option} must be a whole number from ${least} to ${most}, not ${text}`);
}

function usageOf(line: CommandLine<Record<string, CommandOption>>): string {
  const { name, about, also = {}, positionals, options, notes } = line;
  const rows = Object.entries<CommandOption>({ ...options, ...help }).map(
    ([option, { short, value, default: standard, help }]) => {
      const shown = `${short === undefined ? "" : `-${short}, `}--${option}${value === undefined ? "" : ` ${value}`}`;
      return [shown, typeof standard === "string" ? `${help} (default: ${standard})` : help] as const;
    },
  );
  const width = Math.max(...rows.map(([shown]) => shown.length));
  const command = name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
  return [
    about,
    "",
    `Usage: ${command} -- ${positionals === undefined ? "" : `${positionals} `}[options]`,
    "",
    ...rows.map(([shown, text]) => `  ${shown.padEnd(width)}  ${text}`),
    ...Object.entries(also).map(([script, does], at) => `${at === 0 ? "\n" : ""}npm run ${script}: ${does}`),
    ...(notes === undefined ? [] : ["", notes]),
    "",
  ].join("\n");
}

/**
 * Exits. Under Node's watch mode, which would wait for a file change, it ends the parent with the same exit
 * code.
 */
async function end(code: number): Promise<never> {
  if (environmentWith({})["WATCH_REPORT_DEPENDENCIES"] === undefined) process.exit(code);
  // The parent forwards the signal and exits with the child's code.
  process.on("SIGTERM", () => process.exit(code));
  process.kill(process.ppid, "SIGTERM");
  return new Promise(() => setInterval(() => undefined, 1000));
}
