import { z } from "zod";

/**
 * The one place that reads `process.env`. Every setting of the shop is declared here with its default and its
 * meaning; `readEnv` checks all of them at once and names the keys that are wrong.
 *
 * Durations end in their unit, money is in minor units of `CURRENCY`.
 */

const list = (value: string) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const hostAndPort = z.string().regex(/^[^\s:,]+:\d{1,5}$/, "must look like host:port");

/** Terms of a country that differ from the shop's; what is left out is as everywhere. */
const destination = z.strictObject({
  taxRateBasisPoints: z.int().min(0).max(10_000).optional(),
  shippingMinor: z.int().min(0).max(1_000_000).optional(),
  /** Null: shipping is never free. */
  freeShippingFromMinor: z.int().min(0).max(100_000_000).nullable().optional(),
});

const json = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be JSON" });
    return z.NEVER;
  }
};

export const serviceNames = ["api", "users", "catalog", "cart", "orders", "audit"] as const;
export type ServiceName = (typeof serviceNames)[number];

export const paymentProviderNames = ["manual", "sandbox", "stripe"] as const;
export type PaymentProviderName = (typeof paymentProviderNames)[number];

/** See config/protections.ts. */
export const protections = [
  "stock-condition",
  "idempotency-key",
  "order-version",
  "inbox",
  "lease-expiry",
  "publisher-confirms",
] as const;

/** No younger entry of the audit trail is ever removed; the procedure in `accounts.sql` holds to it as well. */
export const leastAuditRetentionDays = 30;

const schema = z.object({
  /** `embedded`: one process, SQLite, no servers. `cluster`: RabbitMQ, Redis and MySQL/MariaDB. */
  SHOP_SHAPE: z.enum(["embedded", "cluster"]).default("embedded"),
  /** The services that this node runs, e.g. `api,catalog`; `none` for an operator's node. */
  SERVICES: z
    .string()
    .regex(/[^\s,]/, "must name a service, or none")
    .default(serviceNames.join(","))
    .transform((value) => (value.trim() === "none" ? [] : list(value)))
    .pipe(z.array(z.enum(serviceNames))),
  /** Separates several shops on the same RabbitMQ. */
  NAMESPACE: z.string().regex(/^[a-z0-9-]*$/, "only a-z, 0-9 and -").default("shop"),
  NODE_ID: z.string().regex(/^[\w.-]+$/).optional(),
  /**
   * How often each node tells all others that it lives; one that has said nothing for three times as long is asked no more.
   * The same on all nodes of a shop. With a hundred nodes and more, seldomer: so many messages are the square of them.
   */
  HEARTBEAT_SECONDS: integer(1, 30).default(1),

  HOST: z.string().min(1).optional(),
  PORT: integer(0, 65535).default(3000),
  /**
   * Where the node, with or without a gateway, tells operators and their programs how it is: `/live`, `/ready` and
   * `/metrics`. Not for clients: whoever reaches it reads what the shop earns. Absent: nowhere, and nothing is measured;
   * 0: any free port. Each node on a machine needs its own.
   */
  INTERNAL_PORT: integer(0, 65535).optional(),
  INTERNAL_HOST: z.string().min(1).default("127.0.0.1"),
  /** Where requests are traced to: an OpenTelemetry collector that speaks OTLP over HTTP, e.g. `http://127.0.0.1:4318`. Absent: nowhere. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Sent to it, such as a key: `name=value,name=value`. */
  OTEL_EXPORTER_OTLP_HEADERS: z.string().default("").transform(list).pipe(z.array(z.string().regex(/^[^=\s]+=\S+$/, "must look like name=value"))),
  /** Which share of the requests is traced, from 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z.string().regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, "must be from 0 to 1").default("1").transform(Number),
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed; empty: nobody's. */
  TRUSTED_PROXIES: z.string().default("").transform(list),
  /** For how long a client may take to send a request's headers, and its JSON; files have 15 minutes. */
  HEADERS_WITHIN_SECONDS: integer(1, 300).default(15),
  BODY_WITHIN_SECONDS: integer(1, 900).default(30),
  /** How many connections a gateway lets one address have; trusted proxies and `RATE_LIMIT_EXEMPT` are not counted. */
  MAX_CONNECTIONS_PER_ADDRESS: integer(1, 1_000_000).default(512),

  /**
   * What a gateway works on at once at most; the rest is refused with 503 and `Retry-After`. It takes fewer by itself when
   * they take long.
   */
  MAX_REQUESTS_IN_FLIGHT: integer(1, 100_000).default(1000),
  /** A gateway whose requests make its process late by more than this takes no more on until it is not. */
  MAX_EVENT_LOOP_DELAY_MS: integer(10, 60_000).default(300),
  /**
   * For how long a gateway that is to stop goes on while `/health/ready` says that it will; 0 in the embedded shape and 3
   * in the cluster unless given. As long as the load balancer in front needs to notice.
   */
  DRAIN_SECONDS: integer(0, 300).optional(),
  /** A node that is asked to stop ends after so long at the latest, the above included, finished or not. */
  STOP_SECONDS: integer(1, 900).default(18),

  /**
   * Requests a minute, for each address and for each account, all gateways together; IPv6 addresses by their network of
   * 64 bits. `auth` is what begins with `/auth/`; `expensive` files, documents and the like.
   */
  RATE_LIMIT_READS: integer(1, 1_000_000_000).default(6000),
  RATE_LIMIT_WRITES: integer(1, 1_000_000_000).default(1500),
  RATE_LIMIT_AUTH: integer(1, 1_000_000_000).default(150),
  RATE_LIMIT_EXPENSIVE: integer(1, 1_000_000_000).default(120),
  /** The same for what a gateway has at hand and gives again at next to no cost, such as the catalogue; of each gateway alone. */
  RATE_LIMIT_KEPT: integer(1, 1_000_000_000).default(60_000),
  /** Addresses and networks that are not limited; this machine's own, unless given. */
  RATE_LIMIT_EXEMPT: z.string().default("127.0.0.0/8,::1").transform(list),
  /** Wrong passwords an hour, for one account from one address, before each further try has to wait. */
  LOGIN_FAILURES_FREE: integer(1, 1_000_000_000).default(10),

  DATA_DIR: z.string().min(1).default("data"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  LOG_FORMAT: z.enum(["text", "json"]).optional(),

  ADMIN_EMAIL: z.email().default("admin@shop.example"),
  /** The administrator's first password; made up and written to a file when absent (embedded shape only). */
  ADMIN_PASSWORD: z.string().min(8).max(128).optional(),
  /** Whether an empty catalogue is filled with demonstration products on the first start. */
  DEMO_DATA: flag.default(true),

  CURRENCY: z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code").default("GBP"),
  /** Tax contained in prices, in hundredths of a percent: 2000 is 20 %. */
  TAX_RATE_BASIS_POINTS: integer(0, 10_000).default(2000),
  SHIPPING_MINOR: integer(0, 1_000_000).default(495),
  /** Goods worth at least this ship free; 0: shipping is always free. */
  FREE_SHIPPING_FROM_MINOR: integer(0, 100_000_000).default(5000),
  /**
   * Where tax and shipping are different, by ISO 3166-1 alpha-2 code:
   * `{"DE":{"taxRateBasisPoints":1900,"shippingMinor":1295,"freeShippingFromMinor":null}}`. The three settings above
   * are the terms of all other countries, and of what is left out here; null: shipping is never free.
   */
  DESTINATIONS: z
    .string()
    .default("{}")
    .transform(json)
    .pipe(z.record(z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code"), destination)),

  /** Who sells, as invoices name them. */
  SELLER_NAME: z.string().trim().min(1).max(120).default("The Shop"),
  /** Its lines, separated by commas. */
  SELLER_ADDRESS: z.string().default("").transform(list).pipe(z.array(z.string().max(120)).max(8)),
  /** The seller's number for the tax that prices contain. */
  SELLER_TAX_ID: z.string().trim().min(1).max(60).optional(),

  /** How orders can be paid: some of `manual`, `sandbox`, `stripe`. Embedded: `manual,sandbox`; cluster: `manual`. */
  PAYMENT_PROVIDERS: z
    .string()
    .transform(list)
    .pipe(z.array(z.enum(paymentProviderNames)).min(1))
    .optional(),
  /** Where the payment sandbox is; the embedded shape brings its own when absent. */
  SANDBOX_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** On which port the embedded shape's own sandbox listens; the one after `PORT`, or else any, when absent. */
  SANDBOX_PORT: integer(0, 65535).optional(),
  SANDBOX_API_KEY: z.string().min(8).optional(),
  SANDBOX_WEBHOOK_SECRET: z.string().min(8).optional(),
  STRIPE_API_KEY: z.string().min(8).optional(),
  STRIPE_WEBHOOK_SECRET: z.string().min(8).optional(),
  /** Told to clients, who need it to confirm a payment. */
  STRIPE_PUBLISHABLE_KEY: z.string().min(8).optional(),
  STRIPE_API_URL: z.url({ protocol: /^https?$/ }).default("https://api.stripe.com"),

  /** How long a stock reservation is held before its order must exist. */
  RESERVATION_LEASE_SECONDS: integer(1, 3600).default(60),
  /** How long an order may stay unpaid before it expires. */
  PAYMENT_WINDOW_MINUTES: integer(1, 43_200).default(30),
  IDEMPOTENCY_RETENTION_HOURS: integer(24, 720).default(48),
  CART_LIFETIME_DAYS: integer(1, 365).default(30),
  /** How often each sweeper (leases, unpaid orders, expired keys) looks. */
  SWEEP_INTERVAL_SECONDS: integer(1, 3600).default(5),

  ACCESS_TOKEN_MINUTES: integer(1, 60).default(10),
  REFRESH_TOKEN_DAYS: integer(1, 365).default(30),
  /** After so long another key signs access tokens; nobody is logged out by it. */
  SIGNING_KEY_DAYS: integer(1, 3650).default(90),
  /** Whether staff, that is whoever has a permission, may do anything without a second factor. */
  STAFF_TWO_FACTOR: z.enum(["optional", "required"]).default("optional"),

  /** The mail server, e.g. `smtp://user:password@mail.example:587`; without it mail is written to files in DATA_DIR. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** The sender of all mail. */
  MAIL_FROM: z.email().default("shop@shop.example"),
  /** The shop's own pages, which links in mail lead to; without it mail contains codes instead of links. */
  SHOP_URL: z.url({ protocol: /^https?$/ }).optional(),

  /**
   * With it the end of the audit trail is sealed, so that whoever can write the database alone cannot forge it. Made up
   * and kept in a file when absent (embedded shape only); whoever has it and the database can.
   */
  AUDIT_KEY: z.string().min(16).optional(),
  /** Entries of the audit trail about what happened longer ago are removed; when absent, none are. */
  AUDIT_RETENTION_DAYS: integer(leastAuditRetentionDays, 36_500).optional(),

  /**
   * Encrypts the secrets that the users' database must keep readable: those of second factors, and the keys that sign
   * access tokens. A key of 32 characters at least, or `id:key`; several separated by commas, of which the first one
   * encrypts and all can read. Made up and kept in a file when absent (embedded shape only).
   */
  SECRETS_KEY: z.string().min(1).optional(),

  AMQP_URL: z.url({ protocol: /^amqps?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  DATABASE_PRIMARY: hostAndPort.optional(),
  DATABASE_REPLICAS: z.string().default("").transform(list).pipe(z.array(hostAndPort)),
  DATABASE_PASSWORD_USERS: z.string().optional(),
  DATABASE_PASSWORD_CATALOG: z.string().optional(),
  DATABASE_PASSWORD_CART: z.string().optional(),
  DATABASE_PASSWORD_ORDERS: z.string().optional(),
  DATABASE_PASSWORD_AUDIT: z.string().optional(),
  DATABASE_MIGRATION_USER: z.string().default("shop_migrate"),
  DATABASE_MIGRATION_PASSWORD: z.string().optional(),
  DATABASE_POOL_SIZE: integer(1, 500).default(16),

  /** After so many failed tries at a durable event it is set aside among the dead letters. */
  EVENT_ATTEMPTS: integer(1, 1000).default(16),
  /** The pauses after the first, second … failed try; the last one after all further ones. */
  EVENT_BACKOFF_MS: z
    .string()
    .default("200,1000,5000,30000,120000")
    .transform(list)
    .pipe(z.array(integer(1, 86_400_000)).min(1).max(10)),

  /**
   * How long services remember which events they have taken in, so that none takes effect twice. One that turns up later and
   * that they do not know is set aside among the dead letters.
   */
  INBOX_RETENTION_DAYS: integer(1, 3650).default(30),

  /** Results and errors are checked against their contracts; on in tests, off in production. */
  CHECK_CONTRACTS: flag.default(false),

  /** For this project's tests, which show what each protection is for; refused anywhere else. */
  TEST_WITHOUT_PROTECTIONS: z.string().default("").transform(list).pipe(z.array(z.enum(protections))),
  TEST_SHOP_MAY_LOSE_DATA: flag.default(false),
});

export type Env = z.output<typeof schema>;
export type EnvSource = Readonly<Record<string, string | undefined>>;

/** A setting is wrong. The message is one line and names the key. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads and checks all settings.
 *
 * @throws ConfigError naming every key that is wrong.
 */
export function readEnv(source: EnvSource = process.env): Env {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (source[key] ? [[key, source[key]]] : [])),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [key, ...within], message }) => {
      const place = within.filter((step) => typeof step === "string").join(".");
      return `${String(key)}: ${place && `${place}: `}${message}`;
    });
    throw new ConfigError(`bad setting: ${[...new Set(faults)].join("; ")}`);
  }
  return parsed.data;
}

/** The process's environment with some settings replaced, as command lines do. */
export function environmentWith(overrides: EnvSource): EnvSource {
  return { ...process.env, ...overrides };
}
