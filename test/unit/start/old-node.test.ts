import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const main = fileURLToPath(new URL("../../../services/node/main.js", import.meta.url));

test("A Node that is too old ends the start with one line that names the remedy", () => {
  const older = 'data:text/javascript,Object.defineProperty(process,"version",{value:"v20.20.2"})';
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", older, main], {
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^shopserver: needs Node 24 or newer, and this is v20\.20\.2\. .*npm ci.*\n$/);
});
