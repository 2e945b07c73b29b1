import { argon2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/**
 * Lower bound of login costs: only hashes with the shop's parameters. `node argon.ts LANES SECONDS` prints
 * `{"requests":…,"seconds":…}`.
 */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const hash = promisify(argon2);
const [workers = 1, seconds = 1] = process.argv.slice(2).map(Number);
const began = performance.now();
const until = began + seconds * 1000;
let requests = 0;

async function worker(): Promise<void> {
  while (performance.now() < until) {
    await hash("argon2id", {
      message: "correct horse battery staple",
      nonce: randomBytes(16),
      ...parameters,
    });
    requests += 1;
  }
}

await Promise.all(Array.from({ length: workers }, worker));
process.stdout.write(`${JSON.stringify({ requests, seconds: (performance.now() - began) / 1000 })}\n`);
