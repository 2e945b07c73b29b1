import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { environmentWith, loadConfig } from "../../../config/index.ts";

const run = promisify(execFile);

/** Runs the container functions in a separate process, with a `docker` that only records its arguments. */
describe("the stack in containers", () => {
  let place: string;
  let directory: string;
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), "shop-containers-"));
    directory = join(place, "stack");
    await writeFile(
      join(place, "docker"),
      `#!/bin/sh\necho "$@ $STACK_PASSWORD" >> ${place}/asked\n[ ! -e ${place}/broken ]\n`,
    );
    await chmod(join(place, "docker"), 0o755);
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  const call = async (expression: string) => {
    const module = new URL("../../../deploy/local/containers.ts", import.meta.url).href;
    const program = `import * as containers from ${JSON.stringify(module)}; await containers.${expression};`;
    const path = [place, environmentWith({})["PATH"] ?? ""].join(delimiter);
    await run(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...environmentWith({}), PATH: path },
    });
  };
  const up = async () => call(`containersUp(${JSON.stringify(directory)})`);
  const asked = async () => (await readFile(join(place, "asked"), "utf8")).trimEnd().split("\n");

  test("up starts and sets up once, keeps its password, and writes settings with which the shop can be configured", async () => {
    await up();
    await up();
    const password = await readFile(join(directory, "container-password"), "utf8");
    const commands = (await asked()).map((line) => /compose\.yaml (.*) (\w+)$/.exec(line)?.slice(1));
    expect(commands).toEqual([
      ["up --detach --wait", password],
      ["run --rm setup", password],
      ["up --detach --wait", password],
    ]);
    const file = join(directory, "stack.env");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(loadConfig(parseEnv(await readFile(file, "utf8")))).toMatchObject({ shape: "cluster" });
  });

  test("a start that failed is set up by the next one", async () => {
    await writeFile(join(place, "broken"), "");
    await expect(up()).rejects.toThrow(/docker compose up --detach --wait failed/);
    await rm(join(place, "broken"));
    await up();
    expect((await asked()).at(-1)).toContain("run --rm setup");
  });

  test("down with purge removes the containers' data and the directory", async () => {
    await up();
    await call(`containersDown(${JSON.stringify(directory)}, true)`);
    expect((await asked()).at(-1)).toContain("down --volumes");
    await expect(stat(directory)).rejects.toThrow("ENOENT");
  });
});
