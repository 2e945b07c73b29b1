import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentWith } from "../../config/index.ts";

const kept = fileURLToPath(new URL("../../node_modules/.cache/prometheus", import.meta.url));

/**
 * Prometheus' own checker: installed, or unpacked from Debian's package without its service.
 *
 * @returns undefined when unavailable; an error in continuous integration
 */
export function promtool(): string | undefined {
  const { PATH = "", CI } = environmentWith({});
  const unpacked = join(kept, "usr/bin/promtool");
  const found = [unpacked, ...PATH.split(delimiter).map((folder) => join(folder, "promtool"))].find((file) =>
    existsSync(file),
  );
  if (found) return found;
  try {
    unpack();
    return unpacked;
  } catch (error) {
    if (CI === "true") throw error;
    return undefined;
  }
}

function unpack(): void {
  const directory = mkdtempSync(join(tmpdir(), "promtool-"));
  try {
    download(directory);
    const file = readdirSync(directory).find((name) => name.endsWith(".deb")) ?? "";
    mkdirSync(kept, { recursive: true });
    execFileSync("dpkg-deb", ["-x", join(directory, file), kept], { stdio: "pipe" });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Missing or outdated package lists are fetched, followed by one retry. */
function download(directory: string): void {
  const options = { cwd: directory, stdio: "pipe" } as const;
  try {
    execFileSync("apt-get", ["download", "prometheus"], options);
  } catch {
    execFileSync("apt-get", ["update"], options);
    execFileSync("apt-get", ["download", "prometheus"], options);
  }
}
