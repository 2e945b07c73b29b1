import { join, resolve } from "node:path";
import { hostname } from "node:os";
import type { Env, EnvSource, ServiceName } from "./env.ts";
import { ConfigError, readEnv } from "./env.ts";
import type { DatabaseConfig } from "./database.ts";
import { databaseConfig } from "./database.ts";
import type { LimitsConfig } from "./limits.ts";
import { limitsConfig } from "./limits.ts";
import type { PaymentsConfig } from "./payments.ts";
import { paymentsConfig } from "./payments.ts";
import type { Protection } from "./protections.ts";
import { withoutProtections } from "./protections.ts";
import type { SecretKeySetting } from "./secrets.ts";
import { secretKeys } from "./secrets.ts";

export { ConfigError, environmentWith, serviceNames } from "./env.ts";
export type { ServiceName } from "./env.ts";

/** Everything a node of the shop needs to know, checked and frozen. Durations are milliseconds, money minor units. */
export interface Config {
  readonly shape: "embedded" | "cluster";
  readonly services: readonly ServiceName[];
  readonly namespace: string;
  readonly nodeId: string;
  readonly heartbeatSeconds: number;
  readonly dataDir: string;
  readonly http: HttpConfig;
  /** Where the node tells how it is; without a port it does not, and measures nothing. */
  readonly internal: { readonly host: string; readonly port: number | undefined };
  /** Where requests are traced to, if they are, with which headers, and which share of them. */
  readonly traces: { readonly url: string | undefined; readonly headers: Readonly<Record<string, string>>; readonly ratio: number };
  readonly limits: LimitsConfig;
  /** What a gateway takes on; see `services/api/load-guard.ts`. */
  readonly load: { readonly maxInFlight: number; readonly maxLoopDelayMs: number };
  /** How the node ends; see `services/node/stop.ts`. */
  readonly stop: { readonly drainMs: number; readonly withinMs: number };
  readonly log: { readonly level: string; readonly format: "text" | "json" };
  readonly administrator: { readonly email: string; readonly password: string | undefined };
  readonly demoData: boolean;
  readonly pricing: PricingConfig;
  readonly seller: SellerConfig;
  readonly checkout: {
    readonly reservationLeaseMs: number;
    readonly paymentWindowMs: number;
    readonly idempotencyRetentionMs: number;
  };
  readonly payments: PaymentsConfig;
  readonly cart: { readonly lifetimeMs: number };
  readonly sweepIntervalMs: number;
  readonly tokens: { readonly accessMs: number; readonly refreshMs: number; readonly signingKeyLifeMs: number };
  readonly staffTwoFactor: "optional" | "required";
  readonly mail: MailConfig;
  readonly database: DatabaseConfig;
  /** What becomes of a durable event that cannot be taken in: its tries and the pauses after them. */
  readonly events: {
    readonly attempts: number;
    readonly backoffMs: readonly number[];
    /** How long it is remembered that an event was taken in. */
    readonly rememberedMs: number;
  };
  /** What seals the audit trail; absent where it is not written, and in the embedded shape, which keeps one in a file. */
  readonly auditKey: string | undefined;
  /** How long the trail's entries are kept; undefined: for ever. */
  readonly auditRetentionMs: number | undefined;
  /** What encrypts secrets in the users' database; absent where that is not read, and in the embedded shape. */
  readonly secretKeys: readonly [SecretKeySetting, ...SecretKeySetting[]] | undefined;
  readonly amqpUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly checkContracts: boolean;
  /** For tests only; see config/protections.ts. */
  readonly withoutProtections: readonly Protection[];
}

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: readonly string[];
  /** To send a request's headers, and its JSON. */
  readonly headersWithinMs: number;
  readonly bodyWithinMs: number;
  readonly maxConnectionsPerAddress: number;
}

export interface MailConfig {
  /** Absent: mail is written to files in `directory`. */
  readonly smtpUrl: string | undefined;
  readonly directory: string;
  readonly from: string;
  /** Where links in mail lead, without a slash at the end. */
  readonly shopUrl: string | undefined;
}

/** What the law and the carrier ask for where an order goes. */
export interface DestinationTerms {
  /** Tax contained in prices, in hundredths of a percent. */
  readonly taxRateBasisPoints: number;
  readonly shippingMinor: number;
  /** Goods worth at least this ship free; null: none do. */
  readonly freeShippingFromMinor: number | null;
}

/** The terms of every country that has none of its own among `destinations`. */
export interface PricingConfig extends DestinationTerms {
  readonly currency: string;
  /** By ISO 3166-1 alpha-2 code. */
  readonly destinations: ReadonlyMap<string, DestinationTerms>;
}

/** Who sells, as invoices name them. */
export interface SellerConfig {
  readonly name: string;
  /** Lines. */
  readonly address: readonly string[];
  readonly taxId: string | undefined;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Reads the settings from the environment (or from `source`, as tests do) and arranges them by concern.
 *
 * @throws ConfigError naming the key that is wrong.
 */
export function loadConfig(source?: EnvSource): Config {
  const env = readEnv(source);
  const embedded = env.SHOP_SHAPE === "embedded";
  return Object.freeze({
    shape: env.SHOP_SHAPE,
    services: env.SERVICES,
    namespace: env.NAMESPACE,
    heartbeatSeconds: env.HEARTBEAT_SECONDS,
    nodeId: env.NODE_ID ?? `${env.SERVICES.join("-") || "operator"}.${hostname()}.${process.pid}`,
    dataDir: resolve(env.DATA_DIR),
    http: {
      host: env.HOST ?? (embedded ? "127.0.0.1" : "0.0.0.0"),
      port: env.PORT,
      trustedProxies: env.TRUSTED_PROXIES,
      headersWithinMs: env.HEADERS_WITHIN_SECONDS * second,
      bodyWithinMs: env.BODY_WITHIN_SECONDS * second,
      maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
    },
    internal: { host: env.INTERNAL_HOST, port: env.INTERNAL_PORT },
    traces: {
      url: env.OTEL_EXPORTER_OTLP_ENDPOINT,
      headers: Object.fromEntries(env.OTEL_EXPORTER_OTLP_HEADERS.map((header) => [header.slice(0, header.indexOf("=")), header.slice(header.indexOf("=") + 1)])),
      ratio: env.OTEL_TRACES_SAMPLER_ARG,
    },
    limits: limitsConfig(env),
    load: { maxInFlight: env.MAX_REQUESTS_IN_FLIGHT, maxLoopDelayMs: env.MAX_EVENT_LOOP_DELAY_MS },
    stop: { drainMs: (env.DRAIN_SECONDS ?? (embedded ? 0 : 3)) * second, withinMs: env.STOP_SECONDS * second },
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT ?? (embedded ? "text" : "json") },
    administrator: { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD },
    demoData: env.DEMO_DATA,
    pricing: pricingConfig(env),
    seller: { name: env.SELLER_NAME, address: env.SELLER_ADDRESS, taxId: env.SELLER_TAX_ID },
    checkout: {
      reservationLeaseMs: env.RESERVATION_LEASE_SECONDS * second,
      paymentWindowMs: env.PAYMENT_WINDOW_MINUTES * minute,
      idempotencyRetentionMs: env.IDEMPOTENCY_RETENTION_HOURS * hour,
    },
    payments: paymentsConfig(env),
    cart: { lifetimeMs: env.CART_LIFETIME_DAYS * day },
    sweepIntervalMs: env.SWEEP_INTERVAL_SECONDS * second,
    tokens: {
      accessMs: env.ACCESS_TOKEN_MINUTES * minute,
      refreshMs: env.REFRESH_TOKEN_DAYS * day,
      signingKeyLifeMs: env.SIGNING_KEY_DAYS * day,
    },
    staffTwoFactor: env.STAFF_TWO_FACTOR,
    mail: {
      smtpUrl: env.SMTP_URL,
      directory: join(resolve(env.DATA_DIR), "outbox-mail"),
      from: env.MAIL_FROM,
      shopUrl: env.SHOP_URL?.replace(/\/+$/, ""),
    },
    database: databaseConfig(env),
    events: {
      attempts: env.EVENT_ATTEMPTS,
      backoffMs: env.EVENT_BACKOFF_MS,
      rememberedMs: env.INBOX_RETENTION_DAYS * day,
    },
    auditKey: auditKey(env),
    auditRetentionMs: env.AUDIT_RETENTION_DAYS && env.AUDIT_RETENTION_DAYS * day,
    secretKeys: secretKeysOf(env),
    amqpUrl: env.AMQP_URL,
    redisUrl: env.REDIS_URL,
    checkContracts: env.CHECK_CONTRACTS,
    withoutProtections: withoutProtections(env),
  } satisfies Config);
}

/** @throws ConfigError when a node of a cluster would write the trail without a seal */
function auditKey({ SHOP_SHAPE, SERVICES, AUDIT_KEY }: Env): string | undefined {
  if (AUDIT_KEY === undefined && SHOP_SHAPE === "cluster" && SERVICES.includes("audit"))
    throw new ConfigError("bad setting: AUDIT_KEY is required when SHOP_SHAPE=cluster");
  return AUDIT_KEY;
}

/** @throws ConfigError when a node of a cluster would keep secrets without a key, or the keys are no keys */
function secretKeysOf({ SHOP_SHAPE, SERVICES, SECRETS_KEY }: Env): Config["secretKeys"] {
  if (SECRETS_KEY !== undefined) return secretKeys(SECRETS_KEY);
  if (SHOP_SHAPE === "cluster" && SERVICES.includes("users"))
    throw new ConfigError("bad setting: SECRETS_KEY is required when SHOP_SHAPE=cluster");
  return undefined;
}

function pricingConfig(env: Env): PricingConfig {
  const usual: DestinationTerms = {
    taxRateBasisPoints: env.TAX_RATE_BASIS_POINTS,
    shippingMinor: env.SHIPPING_MINOR,
    freeShippingFromMinor: env.FREE_SHIPPING_FROM_MINOR,
  };
  const destinations = new Map(
    Object.entries(env.DESTINATIONS).map(([country, own]): [string, DestinationTerms] => [
      country,
      {
        taxRateBasisPoints: own.taxRateBasisPoints ?? usual.taxRateBasisPoints,
        shippingMinor: own.shippingMinor ?? usual.shippingMinor,
        freeShippingFromMinor:
          own.freeShippingFromMinor === undefined ? usual.freeShippingFromMinor : own.freeShippingFromMinor,
      },
    ]),
  );
  return { currency: env.CURRENCY, ...usual, destinations };
}
