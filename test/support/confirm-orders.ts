import { once } from "node:events";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { MailServer } from "./smtp.ts";

const program = join(import.meta.dirname, "sending-node.ts");

/** What arrived at the mail server. */
export interface Confirmed {
  readonly received: number;
  /** Distinct Message-IDs. */
  readonly mails: number;
  /** Distinct orders. */
  readonly orders: number;
  /** How often the sending process was killed while it was sending. */
  readonly kills: number;
  readonly seconds: number;
}

/**
 * Confirms orders by mail, killing the process that does (SIGKILL) at intervals, each time while mail arrives.
 *
 * @param pauseMs time between two kills
 */
export async function confirmOrders(orders: number, kills: number, pauseMs: number): Promise<Confirmed> {
  const server = new MailServer();
  const dataDir = await mkdtemp(join(tmpdir(), "shop-test-"));
  const startedAt = performance.now();
  const run = (url: string) =>
    spawn(process.execPath, [program, dataDir, url, String(orders)], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: "/usr/bin:/bin" },
    });
  let killed = 0;
  try {
    const url = await server.start();
    for (; killed < kills; killed += 1) {
      const node = run(url);
      const already = server.count;
      const ended = once(node, "exit");
      await Promise.race([server.received(already + 1), ended]);
      await Promise.race([sleep(pauseMs), ended]);
      if (node.exitCode !== null) break;
      node.kill("SIGKILL");
      await ended;
    }
    const last = run(url);
    const ended = once(last, "exit");
    if (last.stdout) for await (const line of createInterface(last.stdout)) if (line === "done") break;
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`the sending process ended with ${code}`);
    const all = await server.received(server.count);
    const found = (pattern: RegExp) => new Set(all.map(({ source }) => pattern.exec(source)?.[1])).size;
    return {
      received: all.length,
      mails: found(/^Message-ID: <(\S+)>/im),
      orders: found(/^Subject: .*(ORDER-\d+)/m),
      kills: killed,
      seconds: Math.round((performance.now() - startedAt) / 1000),
    };
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
