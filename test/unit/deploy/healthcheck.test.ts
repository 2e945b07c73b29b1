import { afterEach, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import moleculer from "moleculer";
import { gatewayIsReady, nodeIdOf, protocolVersion } from "../../../deploy/docker/healthcheck.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A gateway with a fixed readiness response. */
async function gateway(status: number, body: string): Promise<number> {
  const server = createServer((request, response) => {
    const found = request.url === "/health/ready";
    response.writeHead(found ? status : 404, { connection: "close" }).end(found ? body : "");
  });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

const at = (port: number, host = "0.0.0.0") => ({ http: { host, port, trustedProxies: [] } });

describe("a container's health check", () => {
  test("takes a gateway that is ready for healthy, wherever it listens", async () => {
    const port = await gateway(200, "{}");
    await expect(gatewayIsReady(at(port))).resolves.toBeUndefined();
    await expect(gatewayIsReady(at(port, "127.0.0.1"))).resolves.toBeUndefined();
  });

  test("names the failed checks of a gateway that is not ready", async () => {
    const port = await gateway(503, '{"status":"not-ready"}');
    await expect(gatewayIsReady(at(port))).rejects.toThrow('503 {"status":"not-ready"}');
  });

  test("takes a gateway that does not answer for unhealthy", async () => {
    const port = await gateway(200, "{}");
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(gatewayIsReady(at(port))).rejects.toThrow("fetch failed");
  });

  test("knows the node by the id that process 1 has given itself, or by the one that it was given", () => {
    expect(nodeIdOf({ nodeId: `catalog.box.${process.pid}` })).toBe("catalog.box.1");
    expect(nodeIdOf({ nodeId: "catalog-big" })).toBe("catalog-big");
  });

  test("speaks the framework's protocol", () => {
    expect(protocolVersion).toBe(moleculer.ServiceBroker.PROTOCOL_VERSION);
  });
});
