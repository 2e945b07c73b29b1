import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { callerEnvironment } from "../../deploy/local/caller-environment.ts";

/** Programs for machines in namespaces, with their Debian packages. */
const requiredPrograms = { ip: "iproute2", nginx: "nginx", keepalived: "keepalived", curl: "curl" } as const;

const installScript = fileURLToPath(new URL("../../deploy/local/install-packages.sh", import.meta.url));

/** Reason why machines cannot be created here; undefined when they can, after installing missing programs. */
export function missingPrerequisite(log: (line: string) => void): string | undefined {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  if (process.getuid?.() !== 0) return "making network namespaces takes root";
  const missing = Object.entries(requiredPrograms).flatMap(([program, name]) =>
    isInstalled(program) ? [] : [name],
  );
  if (missing.length > 0) {
    if (!isInstalled("apt-get")) return `not installed: ${missing.join(", ")}`;
    log(`Installing ${missing.join(", ")} (no service is started or enabled)`);
    try {
      execFileSync("sh", [installScript, ...missing], { stdio: "ignore" });
    } catch {
      return `could not install ${missing.join(", ")}`;
    }
  }
  try {
    execFileSync("ip", ["netns", "exec", makeProbe(), "true"], { stdio: "ignore" });
  } catch {
    return "this machine does not let root make network namespaces";
  } finally {
    removeProbe();
  }
  return undefined;
}

const probe = `shop-ha-probe-${process.pid}`;

function makeProbe(): string {
  execFileSync("ip", ["netns", "add", probe], { stdio: "ignore" });
  return probe;
}

function removeProbe(): void {
  try {
    execFileSync("ip", ["netns", "del", probe], { stdio: "ignore" });
  } catch {
    // It could not be created.
  }
}

function isInstalled(program: string): boolean {
  const folders = `${callerEnvironment().PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`.split(
    delimiter,
  );
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
