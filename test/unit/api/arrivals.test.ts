import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { Arrivals } from "../../../services/api/arrivals.ts";
import { LoadGuard } from "../../../services/api/load-guard.ts";

test("the body of a request whose sender has gone before it was wanted is not waited for", async () => {
  const load = new LoadGuard({ maxInFlight: 100, maxLoopDelayMs: 1000 });
  const arrivals = new Arrivals(load, 3_600_000);
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const sender = ask({ port: (server.address() as AddressInfo).port, method: "POST", headers: { "Content-Length": 5 } });
  sender.on("error", () => undefined).end("hello");
  const [request] = (await once(server, "request")) as [IncomingMessage];
  // It was found out meanwhile who sends it.
  const gone = new Promise((resolve) => request.once("close", resolve));
  sender.destroy();
  await gone;
  server.close();
  await expect(arrivals.receive(request, "192.0.2.1", 1000)).rejects.toMatchObject({ type: "malformed-request" });
});
