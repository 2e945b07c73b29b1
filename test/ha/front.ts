import type { ChildProcess } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { overwriteInPlace } from "./in-place.ts";
import { Machine, killTree } from "./machine.ts";
import { addresses, sharedAddress } from "./network.ts";

const deploy = fileURLToPath(new URL("../../deploy/", import.meta.url));

/** A machine with nginx and keepalived as configured in `deploy/`; only addresses are filled in. */
export class Front {
  readonly machine: Machine;
  #nginx: ChildProcess | undefined;
  #keepalived: ChildProcess | undefined;

  constructor(run: number, number: 1 | 2, directory: string) {
    this.machine = new Machine(run, `front-${number}`, directory);
    const own = this.machine.directory;
    cpSync(join(deploy, "nginx"), join(own, "nginx"), { recursive: true });
    cpSync(join(own, "nginx/listen-plain.conf"), join(own, "nginx/listen.conf"));
    rewrite(join(own, "nginx/backend_servers.conf"), {
      "192.0.2.21": addresses["app-1"],
      "192.0.2.22": addresses["app-2"],
    });
    cpSync(join(deploy, "keepalived"), join(own, "keepalived"), { recursive: true });
    const role = number === 1 ? "master" : "backup";
    rewrite(join(own, `keepalived/${role}.conf`), {
      "192.0.2.10": sharedAddress,
      "192.0.2.11": addresses["front-1"],
      "192.0.2.12": addresses["front-2"],
      // Needs no separate account here.
      "SCRIPT_USER=keepalived_script": "SCRIPT_USER=nobody",
    });
    cpSync(join(own, `keepalived/${role}.conf`), join(own, "keepalived/this-machine.conf"));
    for (const name of ["master.conf", "backup.conf", "this-machine.conf", "keepalived.conf"])
      chmodSync(join(own, "keepalived", name), 0o644);
    mkdirSync(join(own, "log"));
    const settings = readFileSync(join(deploy, "nginx/sysctl.conf"), "utf8").matchAll(/^(net\S+) = (\d+)$/gm);
    for (const [, name = "", value = ""] of settings) this.machine.run("sysctl", "-qw", `${name}=${value}`);
  }

  /** Starts nginx and keepalived as far as they are stopped. */
  start(): void {
    if (!runs(this.#nginx)) this.#nginx = this.#begin("nginx", "nginx", "-g", "daemon off;");
    if (!runs(this.#keepalived))
      this.#keepalived = this.#begin(
        "keepalived",
        "keepalived",
        "--dont-fork",
        "--log-console",
        "--log-detail",
      );
  }

  async killNginx(): Promise<void> {
    if (this.#nginx) await killTree(this.#nginx);
  }

  async killKeepalived(): Promise<void> {
    if (this.#keepalived) await killTree(this.#keepalived);
  }

  /** Whether it holds the shared address. */
  hasSharedAddress(): boolean {
    return this.machine.run("ip", "-o", "addr", "show", "dev", "eth0").includes(`${sharedAddress}/`);
  }

  #begin(log: string, ...command: string[]): ChildProcess {
    return this.machine.start(
      log,
      ["sh", "-c", overwriteInPlace, "sh", this.machine.directory, ...command],
      {},
    );
  }
}

function runs(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

function rewrite(file: string, replacements: Readonly<Record<string, string>>): void {
  let text = readFileSync(file, "utf8");
  for (const [from, to] of Object.entries(replacements)) text = text.replaceAll(from, to);
  writeFileSync(file, text);
}
