import { hashPassword, verifyPassword } from "../../../services/users/domain/passwords.ts";

/**
 * The least that logins can cost: passwords are checked against hashes, so many at once, for so long, and nothing else.
 * `node argon.ts LANES SECONDS` prints `{"requests":…,"seconds":…}`.
 */
const [lanes = 1, seconds = 1] = process.argv.slice(2).map(Number);
const hash = await hashPassword("correct horse battery staple");
const began = performance.now();
const until = began + seconds * 1000;
let requests = 0;

async function lane(): Promise<void> {
  while (performance.now() < until) {
    await verifyPassword("correct horse battery staple", hash);
    requests += 1;
  }
}

await Promise.all(Array.from({ length: lanes }, lane));
process.stdout.write(`${JSON.stringify({ requests, seconds: (performance.now() - began) / 1000 })}\n`);
