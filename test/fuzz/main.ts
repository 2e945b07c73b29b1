import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";
import { shopToFuzz } from "./shop-to-fuzz.ts";

/** `npm run fuzz -- [--seed N] [--requests N]`: what is sent is decided by the seed, as far as ids allow. */
const { values } = parseArgs({ options: { seed: { type: "string" }, requests: { type: "string", default: "20000" } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const { shop, ...reach } = await shopToFuzz();
try {
  const report = await fuzz({ ...reach, seed, requests: Number(values.requests) });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
} finally {
  await shop.stop();
}
