import { argon2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/**
 * The least that logins can cost: hashes with the shop's parameters, so many at once, for so long, and nothing else.
 * `node argon.ts LANES SECONDS` prints `{"requests":…,"seconds":…}`.
 */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const hash = promisify(argon2);
const [lanes = 1, seconds = 1] = process.argv.slice(2).map(Number);
const began = performance.now();
const until = began + seconds * 1000;
let requests = 0;

async function lane(): Promise<void> {
  while (performance.now() < until) {
    await hash("argon2id", { message: "correct horse battery staple", nonce: randomBytes(16), ...parameters });
    requests += 1;
  }
}

await Promise.all(Array.from({ length: lanes }, lane));
process.stdout.write(`${JSON.stringify({ requests, seconds: (performance.now() - began) / 1000 })}\n`);
