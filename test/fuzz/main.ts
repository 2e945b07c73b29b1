import { readCommandLine, wholeNumber } from "../../mixins/support/command-line.ts";
import { fuzz } from "./fuzz.ts";
import { shopToFuzz } from "./shop-to-fuzz.ts";

const line = {
  name: "fuzz",
  about:
    "Sends requests that the API's description and a seed make up to a shop of its own; no answer may break what it says.",
  options: {
    seed: {
      type: "string",
      value: "N",
      help: "decides what is sent, as far as ids allow (default: another one each time)",
    },
    requests: { type: "string", value: "N", default: "20000", help: "how many are sent" },
  },
  notes: "Exit code: 0 when there are no faults, 1 when there are.",
} as const;

const options = await readCommandLine(line, ({ seed, requests }) => ({
  seed: seed === undefined ? Date.now() % 1_000_000 : wholeNumber("--seed", seed, 0, 2 ** 31),
  requests: wholeNumber("--requests", requests, 1, 100_000_000),
}));
const { shop, ...reach } = await shopToFuzz();
try {
  const report = await fuzz({ ...reach, ...options });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
} finally {
  await shop.stop();
}
