import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { SlowBodyGuard } from "../../../services/api/request/slow-body-guard.ts";
import { ConcurrencyLimiter } from "../../../services/api/limits/concurrency-limiter.ts";

test("the body of a request whose sender has gone before it was wanted is not waited for", async () => {
  const limiter = new ConcurrencyLimiter({ maxInFlight: 100, maxEventLoopDelayMs: 1000 });
  const slowBodyGuard = new SlowBodyGuard(limiter, 3_600_000);
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const sender = ask({
    port: (server.address() as AddressInfo).port,
    method: "POST",
    headers: { "Content-Length": 5 },
  });
  sender.on("error", () => undefined).end("hello");
  const [request] = (await once(server, "request")) as [IncomingMessage];
  // The client disconnected during authentication.
  const gone = new Promise((resolve) => request.once("close", resolve));
  sender.destroy();
  await gone;
  server.close();
  await expect(slowBodyGuard.receive(request, "192.0.2.1", 1000)).rejects.toMatchObject({
    type: "malformed-request",
  });
});
