import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:http";

/**
 * Upper bound of a Node server: responds to every request with the same bytes. `node bare.ts FILE` prints its
 * address.
 */
const body = readFileSync(process.argv[2] ?? "", "latin1");
const headers = ["Content-Type", "application/json", "Content-Length", String(body.length)];
const server = createServer((_request, response) => {
  response.writeHead(200, headers).end(body, "latin1");
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on("SIGTERM", () => process.exit());
