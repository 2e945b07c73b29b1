import { resolve } from "node:path";
import { hostname } from "node:os";
import type { z } from "zod";
import type { Env, EnvSource } from "./env.ts";
import { ConfigError, environmentWith, parseSettings, readEnv } from "./env.ts";
import { afterSalesConfig } from "./after-sales.ts";
import type { DatabaseConfig } from "./database.ts";
import { databaseConfig } from "./database.ts";
import type { GuestsConfig } from "./guests.ts";
import { guestsConfig } from "./guests.ts";
import type { LimitsConfig } from "./limits.ts";
import { limitsConfig } from "./limits.ts";
import type { MediaConfig } from "./media.ts";
import { mediaConfig } from "./media.ts";
import type { MailConfig, NotifyConfig } from "./messages.ts";
import { mailConfig, notifyConfig } from "./messages.ts";
import type { NotificationsConfig } from "./notifications.ts";
import { notificationsConfig } from "./notifications.ts";
import type { PricingConfig } from "./pricing.ts";
import { pricingConfig } from "./pricing.ts";
import type { ReviewsConfig } from "./reviews.ts";
import { reviewsConfig } from "./reviews.ts";
import type { MeilisearchSettings } from "./search.ts";
import { meilisearchSettings } from "./search.ts";
import type { SecretKeySetting } from "./secrets.ts";
import { secretKeys } from "./secrets.ts";
import type { InstalledService } from "./services.ts";
import type { WebhooksConfig } from "./webhooks.ts";
import { webhooksConfig } from "./webhooks.ts";
import { installedServices, InstalledServicesError, onEveryNode } from "./services.ts";

export { ConfigError, environmentWith, integer } from "./env.ts";
export type { MailConfig, NotifyConfig } from "./messages.ts";
export type { DestinationTerms, PricingConfig } from "./pricing.ts";
export type { InstalledService } from "./services.ts";

/** The node's configuration, checked and frozen. Durations are in milliseconds, money in minor units. */
export interface Config {
  readonly shape: "embedded" | "cluster";
  /** Every installed service, regardless of the node that runs it. */
  readonly installed: readonly InstalledService[];
  /** Names of the services that this node runs. */
  readonly services: readonly string[];
  readonly namespace: string;
  readonly nodeId: string;
  readonly heartbeatSeconds: number;
  readonly dataDir: string;
  readonly http: HttpConfig;
  /** Address of `/live`, `/ready` and `/metrics`. Without a port the node serves and measures nothing. */
  readonly internal: { readonly host: string; readonly port: number | undefined };
  /** OTLP collector (none: no tracing), its request headers, and the sampling ratio. */
  readonly traces: {
    readonly url: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly ratio: number;
  };
  readonly limits: LimitsConfig;
  /** Concurrency limit of a gateway; see `services/api/limits/concurrency-limiter.ts`. */
  readonly load: { readonly maxInFlight: number; readonly maxEventLoopDelayMs: number };
  /** Graceful shutdown; see `services/node/stop.ts`. */
  readonly stop: { readonly drainMs: number; readonly timeoutMs: number };
  readonly log: { readonly level: string; readonly format: "text" | "json" };
  readonly administrator: { readonly email: string; readonly password: string | undefined };
  readonly demoData: boolean;
  /** Languages of the shop's texts, as canonical BCP 47 tags; the first is the default. */
  readonly locales: readonly string[];
  readonly pricing: PricingConfig;
  readonly seller: SellerConfig;
  readonly checkout: {
    readonly reservationLeaseMs: number;
    readonly paymentWindowMs: number;
    /** Payment window of orders that take a large share of the remaining stock. */
    readonly scarcePaymentWindowMs: number;
    /** Limits on stock held by unpaid orders. */
    readonly unpaid: UnpaidLimits;
    readonly idempotencyRetentionMs: number;
    readonly confirmReceiptMs: number;
  };
  /** Enabled payment providers; none on nodes without `orders`. */
  readonly payments: {
    readonly providers: readonly string[];
    /** Regular pause between queries for an open payment. */
    readonly queryMs: number;
  };
  readonly money: MoneyConfig;
  /** Commission of new merchants, in hundredths of a percent. */
  readonly merchants: { readonly commissionBasisPoints: number };
  readonly settlement: {
    /** Time from the receipt of goods until their money is due to the merchant. */
    readonly returnWindowMs: number;
    readonly discountBearer: "mall" | "merchant";
  };
  readonly cart: { readonly lifetimeMs: number };
  readonly reviews: ReviewsConfig;
  readonly afterSales: ReturnType<typeof afterSalesConfig>;
  readonly webhooks: WebhooksConfig;
  readonly sweepIntervalMs: number;
  readonly tokens: {
    readonly accessMs: number;
    readonly refreshMs: number;
    readonly signingKeyLifeMs: number;
  };
  readonly staffTwoFactor: "optional" | "required";
  /** Age until which an account is new. */
  readonly newAccountMs: number;
  readonly guests: GuestsConfig;
  readonly mail: MailConfig;
  readonly notify: NotifyConfig;
  readonly media: MediaConfig;
  /** Undefined: the built-in engine alone. */
  readonly meilisearch: MeilisearchSettings | undefined;
  readonly database: DatabaseConfig;
  /** Delivery of durable events: attempts, pauses between them, and retention. */
  readonly events: {
    readonly attempts: number;
    readonly backoffMs: readonly number[];
    /** How long the outbox keeps a sent event, to send it again should its queue be lost. */
    readonly historyMs: number;
    /** How long the inbox keeps the ids of consumed events. */
    readonly inboxRetentionMs: number;
  };
  readonly notifications: NotificationsConfig;
  /** IANA name of the zone whose days are counted by, and retention of the ledger of sales in days. */
  readonly statistics: { readonly timeZone: string; readonly ledgerDays: number };
  /**
   * Key that seals the audit trail; undefined on nodes without `audit`, and embedded, where a file holds one.
   */
  readonly auditKey: string | undefined;
  /** Retention of audit entries; undefined: unlimited. */
  readonly auditRetentionMs: number | undefined;
  /** Keys for secrets in databases; undefined on nodes without `users` and `webhooks`, and embedded. */
  readonly secretKeys: readonly [SecretKeySetting, ...SecretKeySetting[]] | undefined;
  readonly amqpUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly checkContracts: boolean;
  /**
   * Reads settings that a part of the shop declares itself, such as a payment provider.
   *
   * @param because why they are required, for the message
   * @throws ConfigError naming every invalid key
   */
  readonly settings: <S extends z.ZodObject>(schema: S, because?: string) => z.output<S>;
}

/** Limits on money moved by staff, in minor units. */
export interface MoneyConfig {
  /** By role; `key` for API keys, `*` for all other roles; null: unlimited. */
  readonly perDay: ReadonlyMap<string, number | null>;
  /** Amount from which a second member of staff must approve; undefined: never. */
  readonly fourEyesFrom: number | undefined;
}

/** Limits on stock held by unpaid orders. */
export interface UnpaidLimits {
  /** Of one customer: orders, and units of one variant in all of them. */
  readonly regular: { readonly orders: number; readonly units: number };
  /** The same for new customers. */
  readonly newCustomers: { readonly orders: number; readonly units: number };
  /** The same for customers without an account. */
  readonly guests: { readonly orders: number; readonly units: number };
  /** Orders of all customers of one address. */
  readonly ordersPerAddress: number;
  /** The same, beyond which no guest orders from it. */
  readonly ordersPerAddressOfGuests: number;
}

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: readonly string[];
  /** Time limits for receiving a request's headers and its JSON body. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly maxConnectionsPerAddress: number;
}

/** The seller, as printed on invoices. */
export interface SellerConfig {
  readonly name: string;
  /** Lines of the postal address. */
  readonly address: readonly string[];
  readonly taxId: string | undefined;
}

/** Services whose databases contain secrets that are encrypted. */
const keepsSecrets: ReadonlySet<string> = new Set(["users", "webhooks"]);

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Reads the settings from the environment, or from `source` in tests, and groups them by concern.
 *
 * @throws ConfigError naming every invalid key
 */
export function loadConfig(source?: EnvSource): Config {
  const env = readEnv(source);
  const embedded = env.SHOP_SHAPE === "embedded";
  const installed = installedBy(env);
  const services = servicesOf(env, installed);
  return Object.freeze({
    shape: env.SHOP_SHAPE,
    installed,
    services,
    namespace: env.NAMESPACE,
    heartbeatSeconds: env.HEARTBEAT_SECONDS,
    nodeId: env.NODE_ID ?? `${services.join("-") || "operator"}.${hostname()}.${process.pid}`,
    dataDir: resolve(env.DATA_DIR),
    http: {
      host: env.HOST ?? (embedded ? "127.0.0.1" : "0.0.0.0"),
      port: env.PORT,
      trustedProxies: env.TRUSTED_PROXIES,
      headersTimeoutMs: env.HEADERS_WITHIN_SECONDS * second,
      bodyTimeoutMs: env.BODY_WITHIN_SECONDS * second,
      maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
    },
    internal: { host: env.INTERNAL_HOST, port: env.INTERNAL_PORT },
    traces: {
      url: env.OTEL_EXPORTER_OTLP_ENDPOINT,
      headers: Object.fromEntries(
        env.OTEL_EXPORTER_OTLP_HEADERS.map((header) => [
          header.slice(0, header.indexOf("=")),
          header.slice(header.indexOf("=") + 1),
        ]),
      ),
      ratio: env.OTEL_TRACES_SAMPLER_ARG,
    },
    limits: limitsConfig(env),
    load: { maxInFlight: env.MAX_REQUESTS_IN_FLIGHT, maxEventLoopDelayMs: env.MAX_EVENT_LOOP_DELAY_MS },
    stop: {
      drainMs: (env.DRAIN_SECONDS ?? (embedded ? 0 : 3)) * second,
      timeoutMs: env.STOP_SECONDS * second,
    },
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT ?? (embedded ? "text" : "json") },
    administrator: { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD },
    demoData: env.DEMO_DATA,
    locales: env.LOCALES,
    pricing: pricingConfig(env),
    seller: { name: env.SELLER_NAME, address: env.SELLER_ADDRESS, taxId: env.SELLER_TAX_ID },
    checkout: {
      reservationLeaseMs: env.RESERVATION_LEASE_SECONDS * second,
      paymentWindowMs: env.PAYMENT_WINDOW_MINUTES * minute,
      scarcePaymentWindowMs: Math.min(env.SCARCE_PAYMENT_WINDOW_MINUTES, env.PAYMENT_WINDOW_MINUTES) * minute,
      unpaid: {
        regular: { orders: env.MAX_UNPAID_ORDERS, units: env.MAX_UNPAID_UNITS },
        newCustomers: { orders: env.MAX_UNPAID_ORDERS_NEW, units: env.MAX_UNPAID_UNITS_NEW },
        guests: { orders: env.MAX_UNPAID_ORDERS_GUEST, units: env.MAX_UNPAID_UNITS_GUEST },
        ordersPerAddress: env.MAX_UNPAID_ORDERS_PER_ADDRESS,
        ordersPerAddressOfGuests: env.MAX_UNPAID_ORDERS_PER_ADDRESS_GUEST,
      },
      idempotencyRetentionMs: env.IDEMPOTENCY_RETENTION_HOURS * hour,
      confirmReceiptMs: env.CONFIRM_RECEIPT_DAYS * day,
    },
    payments: {
      providers: services.includes("orders")
        ? [...new Set(env.PAYMENT_PROVIDERS ?? usualProviders(env))]
        : [],
      queryMs: env.PAYMENT_QUERY_SECONDS * second,
    },
    money: {
      perDay: new Map(Object.entries(env.STAFF_MONEY_PER_DAY)),
      fourEyesFrom: env.FOUR_EYES_FROM_MINOR,
    },
    merchants: { commissionBasisPoints: env.MERCHANT_COMMISSION_BASIS_POINTS },
    settlement: {
      returnWindowMs: env.RETURN_WINDOW_DAYS * day,
      discountBearer: env.DISCOUNTS_BORNE_BY,
    },
    cart: { lifetimeMs: env.CART_LIFETIME_DAYS * day },
    reviews: reviewsConfig(env),
    afterSales: afterSalesConfig(env),
    webhooks: webhooksConfig(env),
    sweepIntervalMs: env.SWEEP_INTERVAL_SECONDS * second,
    tokens: {
      accessMs: env.ACCESS_TOKEN_MINUTES * minute,
      refreshMs: env.REFRESH_TOKEN_DAYS * day,
      signingKeyLifeMs: env.SIGNING_KEY_DAYS * day,
    },
    staffTwoFactor: env.STAFF_TWO_FACTOR,
    statistics: { timeZone: env.STATISTICS_TIME_ZONE, ledgerDays: env.STATISTICS_LEDGER_DAYS },
    newAccountMs: env.NEW_ACCOUNT_HOURS * hour,
    guests: guestsConfig(env),
    mail: mailConfig(env),
    notifications: notificationsConfig(env),
    notify: notifyConfig(env),
    media: mediaConfig(env),
    meilisearch: meilisearchSettings(env),
    database: databaseConfig(env, source),
    events: {
      attempts: env.EVENT_ATTEMPTS,
      backoffMs: env.EVENT_BACKOFF_MS,
      historyMs: env.EVENT_HISTORY_HOURS * hour,
      inboxRetentionMs: env.INBOX_RETENTION_DAYS * day,
    },
    auditKey: auditKey(env, services),
    auditRetentionMs: env.AUDIT_RETENTION_DAYS && env.AUDIT_RETENTION_DAYS * day,
    secretKeys: secretKeysOf(env, services),
    amqpUrl: env.AMQP_URL,
    redisUrl: env.REDIS_URL,
    checkContracts: env.CHECK_CONTRACTS,
    settings: (schema, because) => parseSettings(schema, source, because),
  } satisfies Config);
}

/** @throws ConfigError when an installed service cannot be determined */
function installedBy({ SHOP_EXTENSIONS, SHOP_WITHOUT }: Env): readonly InstalledService[] {
  try {
    return installedServices(SHOP_EXTENSIONS, SHOP_WITHOUT);
  } catch (error) {
    throw error instanceof InstalledServicesError ? new ConfigError(`bad setting: ${error.message}`) : error;
  }
}

/**
 * Services installed in this environment, including those that run on every node.
 *
 * @throws ConfigError when an installed service cannot be determined
 */
export function installedServicesOf(source?: EnvSource): readonly InstalledService[] {
  const { SHOP_EXTENSIONS, SHOP_WITHOUT } = environmentWith({});
  return installedBy(readEnv(source ?? { SHOP_EXTENSIONS, SHOP_WITHOUT }));
}

/**
 * Names of the services that a node of this environment can run.
 *
 * @throws ConfigError when an installed service cannot be determined
 */
export function installedServiceNames(source?: EnvSource): string[] {
  return serviceNamesOf(installedServicesOf(source));
}

function serviceNamesOf(installed: readonly InstalledService[]): string[] {
  return installed.map(({ name }) => name).filter((name) => name !== onEveryNode);
}

/** @throws ConfigError naming a service that is not installed */
function servicesOf({ SERVICES }: Env, installed: readonly InstalledService[]): readonly string[] {
  const known = serviceNamesOf(installed);
  const unknown = SERVICES?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(`bad setting: SERVICES: no service is called ${unknown}: ${known.join(", ")}`);
  return SERVICES ?? known;
}

/** @throws ConfigError when a cluster node with `audit` has no key */
function auditKey({ SHOP_SHAPE, AUDIT_KEY }: Env, services: readonly string[]): string | undefined {
  if (AUDIT_KEY === undefined && SHOP_SHAPE === "cluster" && services.includes("audit"))
    throw new ConfigError("bad setting: AUDIT_KEY is required when SHOP_SHAPE=cluster");
  return AUDIT_KEY;
}

/** @throws ConfigError when a cluster node with `users` or `webhooks` has no keys, or the keys are malformed */
function secretKeysOf({ SHOP_SHAPE, SECRETS_KEY }: Env, services: readonly string[]): Config["secretKeys"] {
  if (SECRETS_KEY !== undefined) return secretKeys(SECRETS_KEY);
  if (SHOP_SHAPE === "cluster" && services.some((name) => keepsSecrets.has(name)))
    throw new ConfigError("bad setting: SECRETS_KEY is required when SHOP_SHAPE=cluster");
  return undefined;
}

function usualProviders({ SHOP_SHAPE }: Env): string[] {
  return SHOP_SHAPE === "embedded" ? ["manual", "sandbox"] : ["manual"];
}
