import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { environmentWith } from "../../config/index.ts";
import { whyNoMachines } from "./ground.ts";
import { makeNetwork, namespaceOf, removeLeftovers, removeNetwork } from "./network.ts";

const usage = `High availability, shown on machines that are made of network namespaces.

  ha [faults] [--short] [--only TEXT]   one part after the other dies
  ha rolling                            every node is replaced by one of the next version

  --short      only some of the faults
  --only TEXT  only the fault whose name contains it
  --keep       leave configurations and logs

Needs root on Linux. Whatever it makes is removed at the end, also after Ctrl-C.
`;

const programs = { faults: "proof.ts", rolling: "rolling.ts" } as const;
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** @returns the exit code: 0 when all goals were reached, 3 when there can be no machines here */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      short: { type: "boolean", default: false },
      only: { type: "string" },
      keep: { type: "boolean", default: false },
      result: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [name = "faults", ...more] = positionals;
  if (values.help || !Object.hasOwn(programs, name) || more.length > 0) {
    say(usage);
    return values.help ? 0 : 2;
  }
  const program = fileURLToPath(new URL(programs[name as keyof typeof programs], import.meta.url));
  const why = whyNoMachines(say);
  if (why !== undefined) {
    say(`\nHIGH AVAILABILITY CANNOT BE SHOWN HERE: ${why}\n`);
    return 3;
  }
  const directory = mkdtempSync(join(tmpdir(), "shop-ha-"));
  let ending: Promise<void> | undefined;
  const cleanUp = async () => {
    await removeNetwork(process.pid);
    if (values.keep) say(`Configurations and logs: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  };
  const end = () => (ending ??= cleanUp());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => void end().finally(() => process.exit(1)));
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
