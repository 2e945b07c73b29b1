import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Middleware, ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import { health } from "./health.ts";
import { close, listen } from "../support/listen.ts";
import { metricsOf } from "../observability/metrics/metrics.ts";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const addresses = new WeakMap<ServiceBroker, AddressInfo>();

/** Address of the node's internal port; undefined when it has none or is not listening yet. */
export function internalAddress(broker: ServiceBroker): AddressInfo | undefined {
  return addresses.get(broker);
}

/**
 * Internal port of a node: `/live`, `/ready` and `/metrics`. Listens from before the node connects until
 * after it has stopped, so that probes see every phase.
 */
export function internalPort({ host, port }: Config["internal"]): Middleware {
  let server: Server | undefined;
  return {
    name: "InternalPort",
    async starting(broker: ServiceBroker) {
      if (port === undefined) return;
      server = createServer((request, response) => void answer(broker, request, response));
      await listen(server, { host, port, hostSetting: "INTERNAL_HOST", portSetting: "INTERNAL_PORT" });
      addresses.set(broker, server.address() as AddressInfo);
    },
    async stopped() {
      if (server) await close(server);
    },
  };
}

async function answer(
  broker: ServiceBroker,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, type, text } = await answerTo(broker, request).catch((error: unknown) => {
    broker.logger.error("internal port: request failed", error);
    return plain(500, "error\n");
  });
  const body = Buffer.from(text);
  response
    .writeHead(status, { "Content-Type": type, "Content-Length": body.length, "Cache-Control": "no-store" })
    .end(request.method === "HEAD" ? undefined : body);
}

async function answerTo(broker: ServiceBroker, { method, url = "" }: IncomingMessage): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") return plain(405, "GET only\n");
  const [path = ""] = url.split("?", 1);
  switch (path) {
    case "/live":
      return json(200, { status: "live" });
    case "/ready": {
      const { ready, checks } = await health(broker);
      return json(ready ? 200 : 503, { status: ready ? "ready" : "not-ready", checks });
    }
    case "/metrics": {
      const metrics = metricsOf(broker);
      return metrics
        ? { status: 200, type: metrics.contentType, text: await metrics.text() }
        : plain(404, "metrics are disabled\n");
    }
    default:
      return plain(404, "/live, /ready, /metrics\n");
  }
}

const plain = (status: number, text: string): Answer => ({ status, type: "text/plain; charset=utf-8", text });
const json = (status: number, value: unknown): Answer => ({
  status,
  type: "application/json",
  text: JSON.stringify(value),
});
