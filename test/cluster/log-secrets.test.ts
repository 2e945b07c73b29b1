import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { freePorts, startNode, until } from "./processes.ts";

const password = "correct horse battery";
const wrongPassword = "guessed horse battery";
let directory: string;
let node: ChildProcess;
let url: string;
let logged = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "log-secrets-"));
  const port = await freePorts(2);
  url = `http://127.0.0.1:${port}`;
  const environment = {
    DATA_DIR: directory,
    PORT: String(port),
    LOG_LEVEL: "trace",
    LOG_FORMAT: "json",
    DEMO_DATA: "false",
  };
  node = startNode([], { environment });
  node.stdout?.setEncoding("utf8").on("data", (text: string) => (logged += text));
  await until(() =>
    fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
}, 240_000);
afterAll(async () => {
  const gone = once(node, "exit");
  node.kill("SIGTERM");
  await gone;
  await rm(directory, { recursive: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });

test("not even the most talkative log tells a password or a token", async () => {
  const email = "ada@example.org";
  await post("/auth/register", { email, password, name: "Ada" });
  await post("/auth/login", { email, password: wrongPassword });
  const tokens = (await (await post("/auth/login", { email, password })).json()) as {
    accessToken: string;
    refreshToken: string;
  };
  const signed = { authorization: `Bearer ${tokens.accessToken}` };
  await post("/auth/step-up", { password }, signed);
  await post("/auth/login", { email, password, unknown: 1 });
  await post("/auth/refresh", { refreshToken: tokens.refreshToken });
  await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${tokens.accessToken}x` } });
  await post("/auth/logout", {}, signed);
  expect(logged.length).toBeGreaterThan(1000);
  const secrets = {
    password,
    wrongPassword,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
  };
  const told = Object.entries(secrets).filter(([, secret]) => logged.includes(secret));
  expect(told.map(([name]) => name)).toEqual([]);
}, 240_000);
