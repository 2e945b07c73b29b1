import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const installScript = fileURLToPath(new URL("../../deploy/local/install-packages.sh", import.meta.url));

/**
 * Ensures that the backup tools are installed, which Debian packages separately.
 *
 * @returns the reason when they are not
 */
export async function ensureBackupTools(): Promise<string | undefined> {
  if (await areThere()) return undefined;
  if (process.getuid?.() !== 0)
    return "mariadb-dump and mariadb-binlog (Debian: mariadb-client) are not installed";
  try {
    await run("sh", [installScript, "mariadb-client"]);
  } catch (error) {
    return `mariadb-client cannot be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
  return (await areThere()) ? undefined : "mariadb-client brought no mariadb-binlog";
}

function areThere(): Promise<boolean> {
  return run("sh", [
    "-c",
    "{ command -v mariadb-dump && command -v mariadb-binlog; } || { command -v mysqldump && command -v mysqlbinlog; }",
  ]).then(
    () => true,
    () => false,
  );
}
