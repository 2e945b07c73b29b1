import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { memoryFlags } from "../../../services/node/node-flags.ts";

const root = join(import.meta.dirname, "../../..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const flags = memoryFlags.join(" ");

test("whichever script starts a node, its heap stays small", () => {
  const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
  const starting = Object.values(scripts).filter((script) => script.includes("services/node/main.js"));
  expect(starting).toHaveLength(4);
  for (const script of starting) expect(script).toContain(`${flags} services/node/main.js`);
});

test("so it does in a container and as a systemd service", () => {
  expect(text("deploy/docker/Dockerfile")).toContain(
    `ENTRYPOINT ${JSON.stringify(["node", ...memoryFlags]).replaceAll(",", ", ")}\n`,
  );
  expect(text("deploy/systemd/shopserver@.service")).toContain(` ${flags} services/node/main.js\n`);
});
