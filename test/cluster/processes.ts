import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { isFree } from "../../deploy/local/ports.ts";
import { nodeArguments } from "../../services/node/node-flags.ts";

/** Starts a node like a user, with the stack's settings file, or without one for the embedded shape. */
export function startNode(
  services: readonly string[],
  options: { environmentFile?: string; environment?: Readonly<Record<string, string>> },
): ChildProcess {
  const file = options.environmentFile ? [`--env-file=${options.environmentFile}`] : [];
  const environment = { PATH: "/usr/bin:/bin", LOG_LEVEL: "error", ...options.environment };
  return spawn(process.execPath, [...file, ...nodeArguments, ...services], {
    env: environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** Writes all lines to a node's console at once and returns its output after the exit. */
export async function typeAtConsole(
  node: ChildProcess,
  input: readonly string[],
): Promise<{ code: number; shown: string }> {
  let shown = "";
  node.stdout?.setEncoding("utf8").on("data", (text: string) => (shown += text));
  node.stdin?.end(input.map((line) => `${line}\n`).join(""));
  const [code] = (await once(node, "close")) as [number];
  return { code, shown };
}

/** First port of a free range. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}

/** Beyond every test's own limit: a condition that never holds must not keep Jest from ending. */
const untilAtMostMs = 600_000;

/** Polls until the condition is true. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + untilAtMostMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${untilAtMostMs} ms: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
