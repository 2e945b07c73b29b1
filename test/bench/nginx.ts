import { cp, mkdir, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId } from "../../mixins/contract/ids.ts";
import { freePorts } from "../cluster/processes.ts";
import type { Target } from "./processes.ts";

const shared = fileURLToPath(new URL("../../deploy/nginx/shop", import.meta.url));
const responseTimeoutMs = 10_000;

/** The shop's nginx in front of one gateway, as deployed but without limits per client address. */
export async function startNginxBefore(gateway: string, directory: string): Promise<Target> {
  return start(directory, (folder, port) => [
    "include shop/http.conf;",
    `proxy_cache_path ${folder}/cache levels=1:2 keys_zone=shop:8m max_size=256m inactive=10s use_temp_path=off;`,
    `upstream gateways { zone gateways 256k; server ${new URL(gateway).host} max_fails=1 fail_timeout=3s; keepalive 64; }`,
    `server { listen 127.0.0.1:${port}; include shop/server.conf; }`,
  ]);
}

/** nginx that serves a file of these bytes. */
export async function startNginxWithFile(bytes: Buffer, directory: string): Promise<Target> {
  return start(directory, async (folder, port) => {
    await writeFile(join(folder, "page"), bytes);
    return [
      "default_type application/json;",
      `server { listen 127.0.0.1:${port}; location / { root ${folder}; try_files /page =404; } }`,
    ];
  });
}

async function start(
  directory: string,
  inHttp: (folder: string, port: number) => string[] | Promise<string[]>,
): Promise<Target> {
  const folder = join(directory, `nginx-${newId()}`);
  await mkdir(folder);
  await cp(shared, join(folder, "shop"), { recursive: true });
  const port = await freePorts(1);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const user = process.getuid?.() === 0 ? ["user root;"] : [];
  const lines = [
    ...user,
    "daemon off;",
    "worker_processes auto;",
    `pid ${folder}/pid;`,
    `error_log ${folder}/error.log warn;`,
    "events { worker_connections 1024; }",
    "http {",
    "sendfile on; tcp_nopush on; access_log off;",
    ...temporary,
    ...(await inHttp(folder, port)),
    "}",
  ];
  await writeFile(join(folder, "nginx.conf"), `${lines.join("\n")}\n`);
  const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")];
  const child = spawn("nginx", args, {
    env: { PATH: "/usr/sbin:/usr/bin:/bin" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const patience = Date.now() + responseTimeoutMs;
  while (
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  )
    if (Date.now() > patience || child.exitCode !== null)
      throw new Error(`nginx does not start: see ${folder}/error.log`);
  const stop = async () => {
    child.kill("SIGQUIT");
    await exited;
  };
  return { url, processes: new Map([["nginx", child.pid ?? 0]]), stop };
}
