import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { isFree } from "../../deploy/local/ports.ts";
import { startCommand } from "../../services/node/start-command.ts";

/** Starts a node as a person would: with the stack's settings in a file, or none for the embedded shape. */
export function startNode(
  services: readonly string[],
  options: { environmentFile?: string; environment?: Readonly<Record<string, string>> },
): ChildProcess {
  const file = options.environmentFile ? [`--env-file=${options.environmentFile}`] : [];
  const environment = { PATH: "/usr/bin:/bin", LOG_LEVEL: "error", ...options.environment };
  return spawn(process.execPath, [...file, ...startCommand, ...services], { env: environment, stdio: ["pipe", "pipe", "inherit"] });
}

/** Types all lines at once at a node's console and reads what it shows until it has ended. */
export async function typeAtConsole(node: ChildProcess, input: readonly string[]): Promise<{ code: number; shown: string }> {
  let shown = "";
  node.stdout?.setEncoding("utf8").on("data", (text: string) => (shown += text));
  node.stdin?.end(input.map((line) => `${line}\n`).join(""));
  const [code] = (await once(node, "close")) as [number];
  return { code, shown };
}

/** The first of some ports in a row that nobody listens on. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}

/** Asks again and again until the answer is yes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
