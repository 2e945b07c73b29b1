import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts, until } from "../cluster/processes.ts";
import { inPlace } from "./in-place.ts";

const production = fileURLToPath(new URL("../../deploy/nginx", import.meta.url));

/** A line of nginx's log. */
export interface LogLine {
  readonly requestId: string;
  readonly client: string;
  readonly path: string;
  readonly status: number;
  readonly cache: string;
  readonly gateway: string;
}

/** nginx on this machine with the production configuration; only ports and gateways are filled in. */
export class Nginx {
  readonly url: string;
  /** Where checks from the machine itself go. */
  readonly healthUrl: string;
  readonly #directory: string;
  readonly #process: ChildProcess;

  private constructor(directory: string, child: ChildProcess, port: number) {
    this.#directory = directory;
    this.#process = child;
    this.url = `http://127.0.0.1:${port}`;
    this.healthUrl = `http://127.0.0.1:${port + 1}`;
  }

  /**
   * @param gateways where they listen, in the order in which they are asked
   * @param unlimited whether one client may ask for as much as it likes
   */
  static async start(gateways: readonly string[], { unlimited = false } = {}): Promise<Nginx> {
    const port = await freePorts(2);
    const directory = copyOfProduction();
    const nginx = join(directory, "nginx");
    edit(join(nginx, "listen.conf"), (text) => text.replace("80 default_server", `127.0.0.1:${port}`).replace(/.*\[::\].*\n/, ""));
    edit(join(nginx, "shop/health.conf"), (text) => text.replace("8081", String(port + 1)));
    edit(join(nginx, "backend_servers.conf"), (text) => {
      const [, options = ""] = /^server \S+ (.+);$/m.exec(text) ?? [];
      return gateways.map((gateway) => `server ${new URL(gateway).host} ${options};\n`).join("");
    });
    // One worker: what it has learned of the gateways does not depend on chance.
    edit(join(nginx, "nginx.conf"), (text) => text.replace("worker_processes auto", "worker_processes 1"));
    if (unlimited) writeFileSync(join(nginx, "shop/limits.conf"), "");
    const command = ["--mount", "sh", "-c", inPlace, "sh", directory, "nginx", "-g", "daemon off;"];
    const child = spawn("unshare", command, { stdio: "inherit", detached: true, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } });
    const started = new Nginx(directory, child, port);
    await until(() => fetch(started.healthUrl).then(({ ok }) => ok, () => false));
    return started;
  }

  /** What `nginx -t` says about the configuration with one of the ways to listen. */
  static check(listen: "plain" | "tls"): string {
    const directory = copyOfProduction();
    try {
      cpSync(join(directory, `nginx/listen-${listen}.conf`), join(directory, "nginx/listen.conf"));
      const key = join(directory, "nginx/key.pem");
      const certificate = join(directory, "nginx/fullchain.pem");
      const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=shop"];
      execFileSync("openssl", [...made, "-days", "2", "-keyout", key, "-out", certificate], { stdio: "ignore" });
      edit(join(directory, "nginx/listen.conf"), (text) => text.replaceAll("/etc/ssl/shop/", "/etc/nginx/"));
      const command = ["--mount", "sh", "-c", `${inPlace} 2>&1`, "sh", directory, "nginx", "-t"];
      return execFileSync("unshare", command, { encoding: "utf8" });
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  /** The lines of its log for requests with this id, once they are there. */
  async logOf(requestId: string): Promise<LogLine[]> {
    const found = () => {
      const lines = readFileSync(join(this.#directory, "log/access.log"), "utf8").split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line) as LogLine).filter((line) => line.requestId === requestId);
    };
    await until(() => found().length > 0);
    return found();
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGQUIT");
    await gone;
    rmSync(this.#directory, { recursive: true });
  }
}

function copyOfProduction(): string {
  const directory = mkdtempSync(join(tmpdir(), "nginx-test-"));
  cpSync(production, join(directory, "nginx"), { recursive: true });
  cpSync(join(production, "listen-plain.conf"), join(directory, "nginx/listen.conf"));
  for (const name of ["keepalived", "log"]) mkdirSync(join(directory, name));
  return directory;
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
