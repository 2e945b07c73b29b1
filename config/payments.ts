import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import type { Env, PaymentProviderName } from "./env.ts";
import { ConfigError } from "./env.ts";

/** How orders can be paid. */
export interface PaymentsConfig {
  readonly providers: readonly PaymentProviderName[];
  readonly sandbox: SandboxConfig | undefined;
  readonly stripe: StripeConfig | undefined;
}

export interface SandboxConfig {
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Where it is, without a slash at the end; absent when it runs in this process. */
  readonly url: string | undefined;
  /** Of the one that runs in this process: where it listens and keeps its book. */
  readonly inTheBox: { readonly port: number; readonly mustHavePort: boolean; readonly file: string };
}

export interface StripeConfig {
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly publishableKey: string | null;
  readonly apiUrl: URL;
}

/** The shop's own sandbox and the shop are one process: nobody else needs to know these. */
const ownSandbox = { SANDBOX_API_KEY: madeUp(), SANDBOX_WEBHOOK_SECRET: madeUp() } as const;

/** @throws ConfigError when a provider is switched on without its keys, on a node that pays orders */
export function paymentsConfig(env: Env): PaymentsConfig {
  const embedded = env.SHOP_SHAPE === "embedded";
  const providers = new Set<PaymentProviderName>(env.PAYMENT_PROVIDERS ?? (embedded ? ["manual", "sandbox"] : ["manual"]));
  if (!env.SERVICES.includes("orders")) return { providers: [], sandbox: undefined, stripe: undefined };
  return {
    providers: [...providers],
    sandbox: providers.has("sandbox") ? sandboxConfig(env, embedded) : undefined,
    stripe: providers.has("stripe") ? stripeConfig(env) : undefined,
  };
}

function sandboxConfig(env: Env, embedded: boolean): SandboxConfig {
  const inTheBox = embedded && env.SANDBOX_URL === undefined;
  const url = inTheBox ? undefined : required(env.SANDBOX_URL, "SANDBOX_URL", "sandbox").replace(/\/+$/, "");
  const secret = (key: keyof typeof ownSandbox) =>
    inTheBox ? (env[key] ?? ownSandbox[key]) : required(env[key], key, "sandbox");
  const afterShop = env.PORT === 0 || env.PORT === 65_535 ? 0 : env.PORT + 1;
  return {
    apiKey: secret("SANDBOX_API_KEY"),
    webhookSecret: secret("SANDBOX_WEBHOOK_SECRET"),
    url,
    inTheBox: {
      port: env.SANDBOX_PORT ?? afterShop,
      mustHavePort: env.SANDBOX_PORT !== undefined,
      file: join(resolve(env.DATA_DIR), "payment-sandbox.sqlite"),
    },
  };
}

function stripeConfig(env: Env): StripeConfig {
  return {
    apiKey: required(env.STRIPE_API_KEY, "STRIPE_API_KEY", "stripe"),
    webhookSecret: required(env.STRIPE_WEBHOOK_SECRET, "STRIPE_WEBHOOK_SECRET", "stripe"),
    publishableKey: env.STRIPE_PUBLISHABLE_KEY ?? null,
    apiUrl: new URL(env.STRIPE_API_URL),
  };
}

function required(value: string | undefined, key: string, provider: PaymentProviderName): string {
  if (value === undefined) throw new ConfigError(`bad setting: ${key} is required when PAYMENT_PROVIDERS has ${provider}`);
  return value;
}

function madeUp(): string {
  return randomBytes(24).toString("base64url");
}
