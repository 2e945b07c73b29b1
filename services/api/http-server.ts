import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Config } from "../../config/index.ts";
import { newId } from "../contract/ids.ts";
import { addressSet } from "./address-key.ts";
import { limitConnections } from "./limit-connections.ts";
import { protocolProblem, sendProblem } from "./problems.ts";
import { securityHeaders, setSecurityHeaders } from "./security-headers.ts";

const limits = {
  /** To send the whole request, which may be a file; JSON has less time. */
  requestTimeout: 15 * 60_000,
  /** Longer than a proxy keeps its idle connections (60 s), so that the proxy closes first and no request is lost. */
  keepAliveTimeout: 65_000,
  /** All headers together, in bytes; more is 431. */
  maxHeaderSize: 16 * 1024,
  // The handler asks for the host itself, to answer in the shop's own way.
  requireHostHeader: false,
} as const;

/** So often it is looked for connections that take too long. */
const checkEveryMs = 5000;

/** A server that answers also what is no HTTP, or no HTTP that it does, with a problem and the security headers. */
export function createHttpServer({ http, limits: { exempt } }: Pick<Config, "http" | "limits">, handle: RequestListener): Server {
  const { headersWithinMs, trustedProxies, maxConnectionsPerAddress } = http;
  const connectionsCheckingInterval = Math.min(checkEveryMs, headersWithinMs);
  const server = createServer({ ...limits, headersTimeout: headersWithinMs, connectionsCheckingInterval }, handle);
  limitConnections(server, maxConnectionsPerAddress, addressSet([...trustedProxies, ...exempt], "TRUSTED_PROXIES"));
  server.on("clientError", answerNonsense);
  server.on("checkExpectation", (_request: IncomingMessage, response) => {
    const traceId = newId();
    setSecurityHeaders(response);
    response.setHeader("X-Request-Id", traceId);
    sendProblem(response, protocolProblem(417, traceId));
  });
  return server;
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
