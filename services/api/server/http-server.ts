import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Config } from "../../../config/index.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { addressSet } from "../request/address-key.ts";
import { limitConnections } from "./connection-limit.ts";
import { protocolProblem, sendProblem } from "../response/problems.ts";
import { securityHeaders, setSecurityHeaders } from "./security-headers.ts";

const serverOptions = {
  /** Time limit of a whole request, which may be an upload; JSON bodies have less. */
  requestTimeout: 15 * 60_000,
  /**
   * Longer than a proxy's idle timeout (60 s): the proxy closes first, so no request meets a closing
   * connection.
   */
  keepAliveTimeout: 65_000,
  /** All headers together, in bytes; beyond that, 431. */
  maxHeaderSize: 16 * 1024,
  // The handler checks Host itself, to reject with a problem.
  requireHostHeader: false,
} as const;

/** Interval of the check for slow connections. */
const connectionsCheckMs = 5000;

/** Creates the HTTP server. Malformed and unsupported HTTP also gets a problem and the security headers. */
export function createHttpServer(
  { http, limits: { exempt } }: Pick<Config, "http" | "limits">,
  handle: RequestListener,
): Server {
  const { headersTimeoutMs, trustedProxies, maxConnectionsPerAddress } = http;
  const connectionsCheckingInterval = Math.min(connectionsCheckMs, headersTimeoutMs);
  const server = createServer(
    { ...serverOptions, headersTimeout: headersTimeoutMs, connectionsCheckingInterval },
    handle,
  );
  limitConnections(
    server,
    maxConnectionsPerAddress,
    addressSet([...trustedProxies, ...exempt], "TRUSTED_PROXIES"),
  );
  server.on("clientError", answerClientError);
  server.on("checkExpectation", (_request: IncomingMessage, response) => {
    const traceId = newId();
    setSecurityHeaders(response);
    response.setHeader("X-Request-Id", traceId);
    sendProblem(response, protocolProblem(417, traceId));
  });
  return server;
}

function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
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
