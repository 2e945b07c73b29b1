import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { environmentWith } from "../../../config/index.ts";
import { listScripts } from "../../help.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
/** Each script, and the part of it to which npm adds arguments. */
const all = Object.entries(scripts).map(
  ([name, script]) => [name, script.split("&&").at(-1)?.trim() ?? ""] as const,
);
/** Those that run a program of ours. */
const programs = all.filter(([, script]) => /\bnode .*(?<!node_modules\S*)\.[jt]s\b/.test(script));
const tools = all.filter((script) => !programs.includes(script));
const listed = new Map((await listScripts()).map((script) => [script.name, script]));

describe("a script of package.json", () => {
  let stack: string;
  let directory: string;
  beforeAll(async () => {
    stack = await mkdtemp(join(tmpdir(), "shop-scripts-"));
    // Node fails for a missing settings file.
    await writeFile(join(stack, "stack.env"), "");
  });
  afterAll(() => rm(stack, { recursive: true }));
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shop-scripts-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Runs it like npm, with all files in `directory`. */
  async function run(script: string, argument: string) {
    const PATH = `${join(root, "node_modules/.bin")}:/usr/bin:/bin`;
    const { NODE_COMPILE_CACHE } = environmentWith({});
    const env = {
      PATH,
      TMPDIR: directory,
      DATA_DIR: join(directory, "data"),
      STACK_DIR: stack,
      NODE_COMPILE_CACHE,
    };
    const child = spawn("sh", ["-c", `${script} ${argument}`], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [shown, complaint, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { code: code as number | null, shown, complaint, kept: await readdir(directory) };
  }

  test("which runs a program is found", () => {
    expect(programs.map(([name]) => name)).toEqual(
      expect.arrayContaining(["start", "dev", "overload", "fuzz", "test"]),
    );
    expect(programs.map(([name]) => name)).not.toContain("test:jest");
  });

  test.each(programs)("%s becomes its program, which gets npm's signals then", (_name, script) => {
    expect(script).toMatch(/^exec node /);
  });

  test.each(programs)(
    "%s --help prints usage and the text of npm run help, and starts nothing",
    async (name, script) => {
      const { shown, ...rest } = await run(script, "--help");
      expect(rest).toEqual({ code: 0, complaint: "", kept: [] });
      expect(shown).toMatch(/^Usage: npm /m);
      expect(shown).toMatch(/^ {2}-h, --help /m);
      const { group, does = "" } = listed.get(name) ?? {};
      expect(group).toBeTruthy();
      expect(does).toMatch(/\.$/);
      expect(shown.replaceAll(/\s+/g, " ")).toContain(does);
    },
    60_000,
  );

  test.each(tools)(
    "%s, a tool, says how it is used and refuses an option that it does not have",
    async (name, script) => {
      expect(listed.get(name)?.does).toBe(scripts[name]);
      expect(await run(script, "--help")).toMatchObject({ code: 0, shown: expect.stringContaining("--") });
      // Jest parses arguments that start with --no- as its own options.
      const { code, shown, complaint } = await run(script, "--unheard-of");
      expect(code).toBeGreaterThan(0);
      expect(shown + complaint).toContain("unheard-of");
    },
    60_000,
  );

  test.each(programs)(
    "%s with an option that it does not have names it in one line and exits with 2",
    async (_name, script) => {
      const { complaint, ...rest } = await run(script, "--no-such-option");
      expect(rest).toMatchObject({ code: 2, kept: [] });
      expect(complaint).toMatch(/^[\w:-]+: .*--no-such-option.*\n$/);
    },
    60_000,
  );

  test.each(programs)(
    "%s with an argument that it does not take names it in one line and exits with 2",
    async (_name, script) => {
      const { complaint, ...rest } = await run(script, "one-too-many and-another");
      expect(rest).toMatchObject({ code: 2, kept: [] });
      expect(complaint).toMatch(/^[\w:-]+: .*(one-too-many|and-another).*\n$/);
    },
    60_000,
  );
});
