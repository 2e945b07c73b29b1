import type { Server } from "node:http";
import { ConfigError } from "../../config/index.ts";

/** Length of the accept queue; the system of a dropped client retries after 1 s. */
const backlog = 4096;
const idleCheckIntervalMs = 50;
/** Remaining connections are cut after this. */
const drainTimeoutMs = 10_000;

/** Address to listen on, with the settings that define it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly hostSetting: string;
  readonly portSetting: string;
}

/** @throws ConfigError naming the setting that prevents listening */
export function listen(
  server: Server,
  { host, port, hostSetting, portSetting }: ListenAddress,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        reject(new ConfigError(`bad setting: ${portSetting}: ${port} on ${host} is in use already`));
      else if (error.code === "EACCES")
        reject(new ConfigError(`bad setting: ${portSetting}: ${port} may not be opened`));
      else
        reject(new ConfigError(`bad setting: ${hostSetting}: cannot listen on ${host} (${error.message})`));
    });
    server.listen({ port, host, backlog }, resolve);
  });
}

/** Accepts no more connections; resolves when the responses in progress are sent. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const began = Date.now();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timer = setInterval(() => {
    if (Date.now() - began > drainTimeoutMs) server.closeAllConnections();
    else server.closeIdleConnections();
  }, idleCheckIntervalMs);
  await closed;
  clearInterval(timer);
}
