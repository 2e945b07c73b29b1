import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readCommandLine } from "../../mixins/support/command-line.ts";
import { deploymentFiles } from "./deployments.ts";
import { settingsFiles } from "./settings.ts";

const line = {
  name: "render",
  about: "Renders docs/settings.md, .env.example and the services' parts of deploy/ from the source.",
  options: {},
  notes:
    "SHOP_EXTENSIONS and SHOP_WITHOUT select the services. A test names files that differ from the rendered ones.",
} as const;

/** Rendered files with their contents; undefined: to be removed. */
export async function renderings(): Promise<Map<string, string | undefined>> {
  return new Map([...settingsFiles(), ...(await deploymentFiles())]);
}

/** Writes what is not as it should be. @returns the files that it wrote or removed */
export async function render(): Promise<string[]> {
  const root = new URL("../../", import.meta.url);
  const stale = [...(await renderings())].filter(([file, text]) => readIfThere(new URL(file, root)) !== text);
  for (const [file, text] of stale)
    if (text === undefined) rmSync(new URL(file, root));
    else writeFileSync(new URL(file, root), text);
  return stale.map(([file]) => file);
}

function readIfThere(file: URL): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

if (import.meta.main) {
  await readCommandLine(line, () => undefined);
  await render();
}
