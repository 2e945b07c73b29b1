import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { ConfigError, environmentWith } from "../../config/index.ts";
import { readCommandLine, wholeNumber } from "../../mixins/support/command-line.ts";
import { AlipayStandIn } from "./alipay-stand-in.ts";
import type { PspFaults } from "./psp-faults.ts";
import { pspFaults } from "./psp-faults.ts";
import type { RunningStandIn } from "./stand-in-server.ts";
import { serveStandIns } from "./stand-in-server.ts";
import { makeStandInKeys, standInSettings } from "./stand-in-settings.ts";
import { startPsp } from "./start-psp.ts";
import { WechatStandIn } from "./wechat-stand-in.ts";

const line = {
  name: "psp",
  about: "The payment sandbox as a separate program: a payment provider for experiments.",
  options: {
    port: { type: "string", value: "N", default: "3001", help: "listen port; 0: any free one" },
    host: { type: "string", value: "H", default: "127.0.0.1", help: "listen address" },
    file: { type: "string", value: "FILE", help: "ledger file (default: in memory)" },
    webhooks: {
      type: "string",
      value: "URL",
      help: "the shop's …/api/v1/webhooks/payments/sandbox; without it, webhooks wait",
    },
    "public-url": { type: "string", value: "URL", help: "URL for customers (default: the listen address)" },
    "stand-ins": {
      type: "string",
      value: "FILE",
      help: "also Alipay and WeChat Pay, on the next port; writes the shop's settings for all to FILE",
    },
    shop: {
      type: "string",
      value: "URL",
      default: "http://localhost:3000",
      help: "the shop that is notified with --stand-ins",
    },
    faults: {
      type: "string",
      value: "JSON",
      default: "{}",
      help: 'what goes wrong, by probability: {"seed":7,"duplicate":0.2}',
    },
  },
  notes: "SANDBOX_API_KEY and SANDBOX_WEBHOOK_SECRET in the environment are those of the shop.",
} as const;

async function main(): Promise<void> {
  const { faults, port, values } = await readCommandLine(line, (values) => ({
    values,
    faults: faultsIn(values.faults),
    port: wholeNumber("--port", values.port, 0, 65_535),
  }));
  const hasStandIns = values["stand-ins"] !== undefined;
  const apiKey = secret("SANDBOX_API_KEY", hasStandIns);
  const webhookSecret = secret("SANDBOX_WEBHOOK_SECRET", hasStandIns);
  const webhooks = `${values.shop.replace(/\/+$/, "")}/api/v1/webhooks/payments`;
  const running = await startPsp({
    apiKey,
    webhookSecret,
    port,
    host: values.host,
    file: values.file,
    publicUrl: values["public-url"],
    webhookUrl: values.webhooks ?? (hasStandIns ? `${webhooks}/sandbox` : undefined),
  });
  running.psp.injector.set(faults);
  const sandbox = {
    SANDBOX_URL: running.url,
    SANDBOX_API_KEY: apiKey,
    SANDBOX_WEBHOOK_SECRET: webhookSecret,
  };
  const standIns = hasStandIns ? await startStandIns(values, port, webhooks, sandbox) : undefined;
  const stop = () => void Promise.all([running.close(), standIns?.close()]).then(() => process.exit());
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (process.connected) process.on("disconnect", stop);
  process.stdout.write(`Payment sandbox on ${running.url}\n`);
  if (standIns) process.stdout.write(`Alipay and WeChat Pay on ${standIns.url}\n`);
  if (process.connected) process.send?.("started");
}

/**
 * Starts the stand-ins, and writes the shop's settings for them and the sandbox to the file. They are new with each
 * start, since the stand-ins keep nothing.
 */
async function startStandIns(
  { "stand-ins": file = "", host }: { readonly "stand-ins"?: string; readonly host: string },
  port: number,
  webhooks: string,
  sandbox: Readonly<Record<string, string>>,
): Promise<RunningStandIn> {
  const keys = makeStandInKeys();
  const standIns = [new AlipayStandIn(keys.alipay), new WechatStandIn(keys.wechat)];
  const running = await serveStandIns(standIns, { host, port: port === 0 ? 0 : port + 1 });
  const settings = {
    PAYMENT_PROVIDERS: "manual,sandbox,alipay,wechat",
    ...sandbox,
    ...standInSettings(keys, running.url, webhooks),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(file, lines.join(""), { mode: 0o600 });
  return running;
}

/** @throws TypeError naming the fault */
function faultsIn(text: string): PspFaults {
  try {
    return pspFaults.parse(JSON.parse(text));
  } catch (error) {
    const what =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => [...path, message].join(" ")).join("; ")
        : "it is not JSON";
    throw new TypeError(`--faults: ${what}`, { cause: error });
  }
}

/** @param isOptional made up when absent */
function secret(key: string, isOptional: boolean): string {
  const value = environmentWith({})[key] ?? (isOptional ? randomBytes(24).toString("base64url") : undefined);
  if (!value) throw new ConfigError(`bad setting: ${key} is required`);
  return value;
}

main().catch((error: unknown) => {
  process.stderr.write(`psp: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
