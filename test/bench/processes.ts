import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A server under test, and its processes by name. */
export interface Target {
  readonly url: string;
  readonly processes: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Arguments of a program and its complete environment. */
export interface Launch {
  readonly command?: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const startTimeoutMs = 60_000;

/** Starts a program; resolves with the first line of output that `ready` matches. */
export async function startProgram(
  name: string,
  { command = process.execPath, args, environment }: Launch,
  ready: RegExp,
): Promise<Target> {
  const child = spawn(command, args, {
    env: { PATH: path, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2000)));
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (how: string) => reject(new Error(`${name} ${how}: ${said}`));
    const timer = setTimeout(() => fail("does not start"), startTimeoutMs);
    child.on("error", reject);
    child.on("exit", () => fail("has ended"));
    // Keep reading, so that the program does not block on output.
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, found] = ready.exec(line) ?? [];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
  };
  return { url, processes: new Map([[name, child.pid ?? 0]]), stop };
}

/**
 * Runs a program to its end.
 *
 * @returns its output
 */
export async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { env: { PATH: path }, stdio: ["ignore", "pipe", "pipe"] });
  let [output, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said || output}`);
  return output;
}
