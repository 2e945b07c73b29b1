import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";
import { observe } from "../../../deploy/local/processes.ts";
import { endTree } from "../../support/end-tree.ts";

/** Like a server of a test: in its own session, so that it outlives its starter. */
const starter = (deaf: boolean) => `
  const { spawn } = require("node:child_process");
  const server = \`\${${deaf} ? 'process.on("SIGTERM", () => undefined);' : ""}console.log(process.pid); setInterval(() => undefined, 1000)\`;
  spawn(process.execPath, ["-e", server], { detached: true, stdio: ["ignore", "inherit", "ignore"] }).unref();
  setInterval(() => undefined, 1000);
`;

test.each([false, true])(
  "a program ends with the servers that it has started, when they are deaf to signals: %s",
  async (deaf) => {
    const program = spawn(process.execPath, ["-e", starter(deaf)], { stdio: ["ignore", "pipe", "inherit"] });
    const [pid] = (await once(program.stdout.setEncoding("utf8"), "data")) as [string];
    await endTree(program.pid ?? 0, deaf ? 100 : 30_000);
    expect(observe(Number(pid))).toBeUndefined();
    expect(observe(program.pid ?? 0)).toBeUndefined();
  },
);
