import type { Server } from "node:http";
import { ConfigError } from "../../config/index.ts";

/** So many may wait to be accepted; a connection that finds no place is tried again by the client's system a second later. */
const backlog = 4096;
const idleCheckMs = 50;
/** What is still running after this is cut off. */
const drainMs = 10_000;

/** Where to listen, and which settings say so. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly hostSetting: string;
  readonly portSetting: string;
}

/** @throws ConfigError naming the setting because of which the server cannot listen there */
export function listen(server: Server, { host, port, hostSetting, portSetting }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") reject(new ConfigError(`bad setting: ${portSetting}: ${port} on ${host} is in use already`));
      else if (error.code === "EACCES") reject(new ConfigError(`bad setting: ${portSetting}: ${port} may not be opened`));
      else reject(new ConfigError(`bad setting: ${hostSetting}: cannot listen on ${host} (${error.message})`));
    });
    server.listen({ port, host, backlog }, resolve);
  });
}

/** Takes no more connections, and resolves when the answers under way are sent. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const began = Date.now();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timer = setInterval(() => {
    if (Date.now() - began > drainMs) server.closeAllConnections();
    else server.closeIdleConnections();
  }, idleCheckMs);
  await closed;
  clearInterval(timer);
}
