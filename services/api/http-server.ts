import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { ConfigError } from "../../config/index.ts";
import { newId } from "../contract/ids.ts";
import { protocolProblem, sendProblem } from "./problems.ts";
import { securityHeaders, setSecurityHeaders } from "./security-headers.ts";

const limits = {
  /** To send the headers, and to send the whole request, which may be a file; JSON has less time. */
  headersTimeout: 15_000,
  requestTimeout: 15 * 60_000,
  /** Longer than a proxy keeps its idle connections (60 s), so that the proxy closes first and no request is lost. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  /** All headers together, in bytes; more is 431. */
  maxHeaderSize: 16 * 1024,
  // The handler asks for the host itself, to answer in the shop's own way.
  requireHostHeader: false,
} as const;

/** So many may wait to be accepted; a connection that finds no place is tried again by the client's system a second later. */
const backlog = 4096;
const idleCheckMs = 50;
/** What is still running after this is cut off. */
const drainMs = 10_000;

/** A server that answers also what is no HTTP, or no HTTP that it does, with a problem and the security headers. */
export function createHttpServer(handle: RequestListener): Server {
  const server = createServer(limits, handle);
  server.on("clientError", answerNonsense);
  server.on("checkExpectation", (_request: IncomingMessage, response) => {
    const traceId = newId();
    setSecurityHeaders(response);
    response.setHeader("X-Request-Id", traceId);
    sendProblem(response, protocolProblem(417, traceId));
  });
  return server;
}

/** @throws ConfigError naming `PORT` or `HOST` when the server cannot listen there */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") reject(new ConfigError(`bad setting: PORT: ${port} on ${host} is in use already`));
      else if (error.code === "EACCES") reject(new ConfigError(`bad setting: PORT: ${port} may not be opened`));
      else reject(new ConfigError(`bad setting: HOST: cannot listen on ${host} (${error.message})`));
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

function answerNonsense(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const traceId = newId();
  const body = JSON.stringify(protocolProblem(status, traceId).body);
  const headers = {
    ...securityHeaders,
    "X-Request-Id": traceId,
    "Cache-Control": "no-store",
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`);
}
