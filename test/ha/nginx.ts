import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts, until } from "../cluster/processes.ts";
import { overwriteInPlace } from "./in-place.ts";

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

/** nginx on this machine with the production configuration; only ports, gateways and languages are filled in. */
export class Nginx {
  readonly url: string;
  /** For health checks from the machine itself. */
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
   * @param gateways in the order of their use
   * @param unlimited disables limits per client
   */
  static async start(gateways: readonly string[], { unlimited = false } = {}): Promise<Nginx> {
    const port = await freePorts(2);
    const directory = copyOfProduction();
    const nginx = join(directory, "nginx");
    edit(join(nginx, "listen.conf"), (text) =>
      text.replace("80 default_server", `127.0.0.1:${port}`).replace(/.*\[::\].*\n/, ""),
    );
    edit(join(nginx, "shop/health.conf"), (text) => text.replace("8081", String(port + 1)));
    edit(join(nginx, "shop/locales.conf"), (text) => text.replace(/^ {2}# (?="~)/m, "  "));
    edit(join(nginx, "backend_servers.conf"), (text) => {
      const [, options = ""] = /^server \S+ (.+);$/m.exec(text) ?? [];
      return gateways.map((gateway) => `server ${new URL(gateway).host} ${options};\n`).join("");
    });
    // One worker, so that its view of the gateways is deterministic.
    edit(join(nginx, "nginx.conf"), (text) => text.replace("worker_processes auto", "worker_processes 1"));
    if (unlimited) writeFileSync(join(nginx, "shop/limits.conf"), "");
    const command = ["--mount", "sh", "-c", overwriteInPlace, "sh", directory, "nginx", "-g", "daemon off;"];
    const child = spawn("unshare", command, {
      stdio: "inherit",
      detached: true,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    });
    const started = new Nginx(directory, child, port);
    await until(() => {
      if (started.#hasEnded) throw new Error(`nginx has ended: ${child.exitCode ?? child.signalCode}`);
      return fetch(started.healthUrl).then(
        ({ ok }) => ok,
        () => false,
      );
    });
    return started;
  }

  /** Output of `nginx -t` for the configuration with one of its listeners. */
  static check(listen: "plain" | "tls"): string {
    const directory = copyOfProduction();
    try {
      cpSync(join(directory, `nginx/listen-${listen}.conf`), join(directory, "nginx/listen.conf"));
      const key = join(directory, "nginx/key.pem");
      const certificate = join(directory, "nginx/fullchain.pem");
      const made = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=shop",
      ];
      execFileSync("openssl", [...made, "-days", "2", "-keyout", key, "-out", certificate], {
        stdio: "ignore",
      });
      edit(join(directory, "nginx/listen.conf"), (text) => text.replaceAll("/etc/ssl/shop/", "/etc/nginx/"));
      const command = ["--mount", "sh", "-c", `${overwriteInPlace} 2>&1`, "sh", directory, "nginx", "-t"];
      return execFileSync("unshare", command, { encoding: "utf8" });
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  /** Log lines for requests with this id, once written. */
  async logOf(requestId: string): Promise<LogLine[]> {
    const found = () => {
      const lines = readFileSync(join(this.#directory, "log/access.log"), "utf8").split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line) as LogLine).filter((line) => line.requestId === requestId);
    };
    await until(() => found().length > 0);
    return found();
  }

  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      const gone = once(this.#process, "exit");
      this.#process.kill("SIGQUIT");
      // A graceful stop would wait for requests in flight.
      const force = setTimeout(() => this.#process.kill("SIGTERM"), 5000);
      await gone;
      clearTimeout(force);
    }
    rmSync(this.#directory, { recursive: true });
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
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
