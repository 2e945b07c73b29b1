import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId } from "../../../mixins/contract/ids.ts";
import { outputOf } from "../processes.ts";

/** Result of a load. */
export interface Answers {
  readonly requests: number;
  readonly seconds: number;
  /** Responses of 400 and more, and requests without a response. */
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const installer = fileURLToPath(new URL("../../../deploy/local/install-packages.sh", import.meta.url));

/** Repeats one request. */
export async function repeatRequest(
  url: string,
  { connections, seconds }: Load,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answers> {
  const given = Object.entries(headers).flat();
  return wrk(["-c", `${connections}`, "-d", `${seconds}s`, "-s", script("hot.lua"), url, "--", ...given]);
}

/**
 * Sends requests of a list, once each or repeatedly, until the list or the time ends.
 *
 * @param url without a path
 */
export async function sendRequests(
  url: string,
  requests: readonly HttpRequest[],
  { connections, seconds }: Load,
  often: "once" | "again",
): Promise<Answers> {
  const file = join(tmpdir(), `bench-requests-${newId()}`);
  const host = new URL(url).host;
  // wrk parses the first request without sending it.
  const [first] = requests;
  const list = often === "once" && first ? [first, ...requests] : requests;
  await writeFile(file, Buffer.concat(list.map((request) => asBytes(request, host))));
  try {
    return await wrk([
      "-c",
      `${connections}`,
      "-d",
      `${seconds}s`,
      "-s",
      script("list.lua"),
      url,
      "--",
      file,
      often,
    ]);
  } finally {
    await rm(file);
  }
}

function asBytes({ method, path, headers = {}, body }: HttpRequest, host: string): Buffer {
  const content = body === undefined ? "" : JSON.stringify(body);
  const all = {
    Host: host,
    ...headers,
    ...(content === ""
      ? {}
      : { "Content-Type": "application/json", "Content-Length": `${Buffer.byteLength(content)}` }),
  };
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
    "",
    content,
  ];
  const bytes = Buffer.from(lines.join("\r\n"));
  return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
}

/** @returns undefined when wrk is or could be installed, otherwise the reason */
export function ensureTool(name: "wrk" | "nginx"): string | undefined {
  const found = () => {
    try {
      execFileSync("sh", ["-c", `command -v ${name} || ls /usr/sbin/${name}`], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };
  if (found()) return undefined;
  try {
    execFileSync("sh", [installer, name], { stdio: "ignore" });
  } catch {
    // Reported below.
  }
  return found()
    ? undefined
    : `${name} is not installed and could not be installed (as root on Debian or Ubuntu: apt-get install ${name})`;
}

async function wrk(args: readonly string[]): Promise<Answers> {
  // One thread, since one thread owns the list and the load is small.
  const output = await outputOf("wrk", ["-t", "1", "--latency", "--timeout", "10s", ...args]);
  const [, json] = /^BENCH (.*)$/m.exec(output) ?? [];
  if (json === undefined) throw new Error(`wrk said nothing useful: ${output}`);
  return JSON.parse(json) as Answers;
}
