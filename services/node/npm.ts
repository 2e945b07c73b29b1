import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentWith } from "../../config/index.ts";

const pollIntervalMs = 1000;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Inputs, replaced in tests. */
interface ProcessProbe {
  /** The npm script that started this process; undefined without npm. */
  readonly script: string | undefined;
  /** This program's path within the project. */
  readonly program: string;
  parent(): number;
}

/**
 * Calls `end` once when the parent npm has exited. npm forwards SIGTERM and SIGINT, but neither SIGHUP nor
 * its own crash. Programs started without npm, or detached by another script (`nohup`, `setsid`), are not
 * ended.
 */
export function onNpmExit(end: () => void, probe: ProcessProbe = thisProcess()): void {
  // All of our scripts start with `exec`, so npm's shell becomes the program and npm is its parent.
  const { script, program } = probe;
  if (
    !script?.split("&&").some((part) => part.trim().startsWith("exec node ") && part.includes(` ${program}`))
  )
    return;
  const npm = probe.parent();
  const timer = setInterval(() => {
    if (probe.parent() === npm) return;
    clearInterval(timer);
    end();
  }, pollIntervalMs).unref();
}

function thisProcess(): ProcessProbe {
  return {
    script: environmentWith({})["npm_lifecycle_script"],
    program: relative(root, process.argv[1] ?? ""),
    parent: () => process.ppid,
  };
}
