import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentWith } from "../../config/index.ts";
import { interruption } from "../../deploy/local/interruption.ts";
import { readCommandLine } from "../../mixins/support/command-line.ts";
import { missingPrerequisite } from "./ground.ts";
import { makeNetwork, namespaceOf, removeLeftovers, removeNetwork } from "./network.ts";

const programs = { faults: "proof.ts", rolling: "rolling.ts" } as const;
const log = (line: string) => void process.stdout.write(`${line}\n`);

const line = {
  name: "ha",
  about: "High availability, shown on machines that are made of network namespaces.",
  also: { rolling: "Replaces every node by one of the next version while clients go on." },
  positionals: "[faults|rolling]",
  options: {
    short: { type: "boolean", default: false, help: "only some of the faults" },
    only: { type: "string", value: "TEXT", help: "only the fault whose name contains it" },
    keep: { type: "boolean", default: false, help: "leave configurations and logs" },
  },
  notes: `faults, without an argument: one part after the other dies. rolling: every node is replaced by one of the next version.
Needs root on Linux. Whatever it makes is removed at the end, also after Ctrl-C.
Exit code: 0 when all goals were reached, 1 when not, 3 when there can be no machines here.`,
} as const;

/** @returns the exit code */
async function main(): Promise<number> {
  const { values, name } = await readCommandLine(line, (values, [name = "faults", ...more]) => {
    const wrong = Object.hasOwn(programs, name) ? more[0] : name;
    if (wrong !== undefined) throw new TypeError(`Unexpected argument '${wrong}'`);
    return { values, name: name as keyof typeof programs };
  });
  const program = fileURLToPath(new URL(programs[name], import.meta.url));
  const why = missingPrerequisite(log);
  if (why !== undefined) {
    log(`\nHIGH AVAILABILITY CANNOT BE SHOWN HERE: ${why}\n`);
    return 3;
  }
  const directory = mkdtempSync(join(tmpdir(), "shop-ha-"));
  let ending: Promise<void> | undefined;
  const cleanUp = async () => {
    await removeNetwork(process.pid);
    if (values.keep) log(`Configurations and logs: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  };
  const end = () => (ending ??= cleanUp());
  interruption().addEventListener("abort", () => void end().finally(() => process.exit(1)));
  try {
    await removeLeftovers();
    makeNetwork(process.pid);
    const flags = ["--run", String(process.pid), "--directory", directory];
    if (values.short) flags.push("--short");
    if (values.only) flags.push("--only", values.only);
    const client = ["netns", "exec", namespaceOf(process.pid, "client"), process.execPath, program, ...flags];
    const running = spawn("ip", client, { stdio: "inherit", env: environmentWith({}) });
    const [code] = (await once(running, "exit")) as [number | null];
    return code ?? 1;
  } finally {
    await end();
  }
}

process.exitCode = await main();
