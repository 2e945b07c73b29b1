import { readFile } from "node:fs/promises";
import { readCommandLine } from "../mixins/support/command-line.ts";

/** Lists the scripts of `package.json` with the `about` or `also` that their programs declare. */

const line = { name: "help", about: "Lists all npm scripts, in groups.", options: {} } as const;

/** Which programs belong to a group; a script belongs to the first that fits. */
const groups = [
  ["Run the shop", /\/main\.js$/],
  ["Its servers and its data", /^(services|deploy)\//],
  ["Try it and measure it", /^test\/.+\//],
  ["Work on the code", /^/],
] as const;

interface Script {
  readonly name: string;
  readonly group: string;
  readonly does: string;
}

const root = new URL("../", import.meta.url);
const read = (file: string) => readFile(new URL(file, root), "utf8");

/** All scripts of package.json, in its order. */
export async function listScripts(): Promise<Script[]> {
  const { scripts } = JSON.parse(await read("package.json")) as { scripts: Record<string, string> };
  return Promise.all(
    Object.entries(scripts).map(async ([name, command]) => {
      const program = programOf(command);
      const group = groups.find(([, programs]) => programs.test(program ?? ""))?.[0] ?? "";
      return { name, group, does: program === undefined ? command : await told(name, program) };
    }),
  );
}

/** The file of ours that a script runs in the end; undefined for a tool. */
function programOf(command: string): string | undefined {
  return /\bnode (?:.* )?(?!node_modules)([\w/-]+\.[jt]s)\b/.exec(command.split("&&").at(-1) ?? "")?.[1];
}

/**
 * A program's declaration about a script, read from its source, since running it would load half of the shop.
 */
async function told(script: string, program: string): Promise<string> {
  const text = await read(program);
  const [, also = ""] = /\balso: \{([^}]*)\}/.exec(text) ?? [];
  const [, other] = new RegExp(`\\b${script}"?:\\s+"([^"]*)"`).exec(also) ?? [];
  const [, , about = other] = /\babout:\s*(["`])([^]*?)(?:(?<=\.)\s[^]*?)?\1/.exec(text) ?? [];
  const [, next] = /\bawait import\("\.\/(.+)"\)/.exec(text) ?? [];
  if (about === undefined && next !== undefined) return told(script, program.replace(/[^/]+$/, next));
  return (other ?? about ?? "").replaceAll(/\s+/g, " ");
}

function asText(scripts: readonly Script[]): string {
  const command = ({ name }: Script) =>
    name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
  const width = Math.max(...scripts.map((script) => command(script).length));
  const indent = `\n${" ".repeat(width + 4)}`;
  const row = (script: Script) =>
    `  ${command(script).padEnd(width)}  ${(script.does.match(/\S.{0,83}(?!\S)/g) ?? []).join(indent)}`;
  return groups
    .map(([group]) => [group, ...scripts.filter((script) => script.group === group).map(row), ""].join("\n"))
    .concat("Each says with -- --help what it can be asked for: npm run chaos -- --help\n")
    .join("\n");
}

if (import.meta.main) {
  await readCommandLine(line, () => undefined);
  process.stdout.write(asText(await listScripts()));
}
