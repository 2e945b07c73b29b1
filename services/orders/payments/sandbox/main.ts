import { parseArgs } from "node:util";
import { ConfigError, environmentWith } from "../../../../config/index.ts";
import { pspFaults } from "./psp-faults.ts";
import { startPsp } from "./start-psp.ts";

/**
 * `npm run psp -- --port 3001 --webhooks http://localhost:3000/api/v1/webhooks/payments/sandbox [--file psp.sqlite]
 * [--host 0.0.0.0] [--public-url https://pay.example] [--faults '{"seed":7,"duplicate":0.2}']`: the payment sandbox as a
 * program of its own. `SANDBOX_API_KEY` and `SANDBOX_WEBHOOK_SECRET` are those of the shop.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "3001" },
      host: { type: "string" },
      file: { type: "string" },
      webhooks: { type: "string" },
      "public-url": { type: "string" },
      faults: { type: "string", default: "{}" },
    },
  });
  const running = await startPsp({
    apiKey: secret("SANDBOX_API_KEY"),
    webhookSecret: secret("SANDBOX_WEBHOOK_SECRET"),
    port: Number(values.port),
    host: values.host,
    file: values.file,
    publicUrl: values["public-url"],
    webhookUrl: values.webhooks,
  });
  running.psp.dice.set(pspFaults.parse(JSON.parse(values.faults)));
  const stop = () => void running.close().then(() => process.exit());
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (process.connected) process.on("disconnect", stop);
  process.stdout.write(`Payment sandbox on ${running.url}\n`);
  if (process.connected) process.send?.("started");
}

function secret(key: string): string {
  const value = environmentWith({})[key];
  if (!value) throw new ConfigError(`bad setting: ${key} is required`);
  return value;
}

main().catch((error: unknown) => {
  process.stderr.write(`psp: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
