import { z } from "zod";
import { countryCodes } from "./country-codes.ts";
import { localeTag, maxLocales } from "./locales.ts";
import { isTimeZone } from "./time-zone.ts";

/**
 * The only file that reads `process.env`. Declares every setting of the shop with its default and meaning;
 * `readEnv` checks all of them at once and names the invalid keys.
 *
 * Durations end in their unit, money is in minor units of `CURRENCY`.
 */

const list = (value: string) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

/** Schema of an integer given as text. */
export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const hostAndPort = z.string().regex(/^[^\s:,]+:\d{1,5}$/, "must look like host:port");

/** Terms of a country; a missing field has the shop-wide value. */
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

/** Lower bound of `AUDIT_RETENTION_DAYS`. The stored procedure in `accounts.sql` enforces it too. */
export const minAuditRetentionDays = 30;

export const schema = z.object({
  // Node
  /** `embedded`: one process, SQLite, no servers. `cluster`: RabbitMQ, Redis and MySQL/MariaDB. */
  SHOP_SHAPE: z.enum(["embedded", "cluster"]).default("embedded"),
  /** Services of this node, e.g. `api,catalog`; all installed ones by default; `none`: operators only. */
  SERVICES: z
    .string()
    .regex(/[^\s,]/, "must name a service, or none")
    .transform((value) => (value.trim() === "none" ? [] : list(value)))
    .optional(),
  /** Folders and npm packages with services besides those in `services/` and `extensions/`. */
  SHOP_EXTENSIONS: z.string().default("").transform(list),
  /** Services left out of this shop on all nodes: they get no routes, and no events are queued for them. */
  SHOP_WITHOUT: z.string().default("").transform(list),
  /** Separates several shops on the same RabbitMQ. */
  NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]*$/, "only a-z, 0-9 and -")
    .default("shop"),
  /** Name of this node, unique in the shop; made of host name and process id when absent. */
  NODE_ID: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  /**
   * Interval of heartbeats; a node silent for three intervals gets no more calls. The same on all nodes of a
   * shop. From a hundred nodes on use more: messages grow with their square.
   */
  HEARTBEAT_SECONDS: integer(1, 30).default(1),

  // Listening and observability
  /**
   * Address that the gateway listens on; all addresses in the cluster shape, this machine only in one
   * process, when absent.
   */
  HOST: z.string().min(1).optional(),
  /** Port that the gateway listens on; 0: any free port. */
  PORT: integer(0, 65535).default(3000),
  /**
   * Port of `/live`, `/ready` and `/metrics`, on nodes with and without a gateway, one each on a machine.
   * Not for clients: metrics show turnover. Absent: neither served nor measured; 0: any free port.
   */
  INTERNAL_PORT: integer(0, 65535).optional(),
  /** Address that `INTERNAL_PORT` is served on. */
  INTERNAL_HOST: z.string().min(1).default("127.0.0.1"),
  /**
   * OpenTelemetry collector that takes traces by OTLP over HTTP, e.g. `http://127.0.0.1:4318`. Absent: no
   * tracing.
   */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Headers sent to the collector, such as a key: `name=value,name=value`. */
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .default("")
    .transform(list)
    .pipe(z.array(z.string().regex(/^[^=\s]+=\S+$/, "must look like name=value"))),
  /** Share of requests that is traced, from 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, "must be from 0 to 1")
    .default("1")
    .transform(Number),
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed; empty: none. */
  TRUSTED_PROXIES: z.string().default("").transform(list),
  /** Time limit for receiving the headers of a request. */
  HEADERS_WITHIN_SECONDS: integer(1, 300).default(15),
  /** Time limit for receiving a JSON body; uploads have 15 minutes. */
  BODY_WITHIN_SECONDS: integer(1, 900).default(30),
  /** Connections per address to one gateway; trusted proxies and `RATE_LIMIT_EXEMPT` do not count. */
  MAX_CONNECTIONS_PER_ADDRESS: integer(1, 1_000_000).default(512),

  // Load and shutdown
  /**
   * Upper bound of the adaptive concurrency limit of a gateway; requests above the limit are shed with 503
   * and `Retry-After`.
   */
  MAX_REQUESTS_IN_FLIGHT: integer(1, 100_000).default(1000),
  /** Shed new requests while event-loop lag exceeds this. */
  MAX_EVENT_LOOP_DELAY_MS: integer(10, 60_000).default(300),
  /**
   * Time between `/health/ready` failing and the gateway closing on shutdown, for the load balancer to
   * notice; 0 in one process and 3 in the cluster when absent.
   */
  DRAIN_SECONDS: integer(0, 300).optional(),
  /** Upper bound of a graceful shutdown, `DRAIN_SECONDS` included; then the process exits. */
  STOP_SECONDS: integer(1, 900).default(18),

  // Rate limits
  /** Reads a minute, per address and per account, over all gateways; IPv6 addresses count by /64. */
  RATE_LIMIT_READS: integer(1, 1_000_000_000).default(6000),
  /** Writes a minute, counted likewise. */
  RATE_LIMIT_WRITES: integer(1, 1_000_000_000).default(1500),
  /** Requests a minute to paths under `/auth/`, counted likewise. */
  RATE_LIMIT_AUTH: integer(1, 1_000_000_000).default(150),
  /** Coupon codes a minute put on carts, counted likewise. */
  RATE_LIMIT_COUPONS: integer(1, 1_000_000_000).default(10),
  /** Files, documents and other expensive requests a minute, counted likewise. */
  RATE_LIMIT_EXPENSIVE: integer(1, 1_000_000_000).default(120),
  /** Orders without an account, by address. */
  RATE_LIMIT_GUEST_ORDERS: integer(1, 1_000_000_000).default(20),
  /**
   * Requests a minute answered from the response cache, per address and per account, of each gateway alone.
   */
  RATE_LIMIT_KEPT: integer(1, 1_000_000_000).default(60_000),
  /** Addresses and networks without rate limits. */
  RATE_LIMIT_EXEMPT: z.string().default("127.0.0.0/8,::1").transform(list),
  /** Wrong passwords an hour, for one account from one address, before each further attempt has to wait. */
  LOGIN_FAILURES_FREE: integer(1, 1_000_000_000).default(10),

  // Data directory and log
  /** Directory of databases, keys and mail, in one process; mode 0700, files 0600. */
  DATA_DIR: z.string().min(1).default("data"),
  /**
   * Start with a damaged or incomplete SQLite database and what is left in it. For one start, in one
   * process.
   */
  ACCEPT_DATA_LOSS: flag.default(false),
  /** Least severe level that is logged. */
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  /** Format of the log; JSON in the cluster shape and text in one process, when absent. */
  LOG_FORMAT: z.enum(["text", "json"]).optional(),

  // First start
  /** E-mail address of the first administrator. */
  ADMIN_EMAIL: z.email().default("admin@shop.example"),
  /**
   * First password of the administrator, neither common nor made of the address or the shop's name. Absent:
   * generated and written to a file (in one process only).
   */
  ADMIN_PASSWORD: z.string().min(8).max(128).optional(),
  /** Fill an empty catalogue with demonstration products on the first start. */
  DEMO_DATA: flag.default(true),

  // Languages
  /**
   * Languages of the shop's texts as BCP 47 tags, e.g. `en,zh-CN,ja`. The first is the default: the one that
   * names and descriptions are written in, and that clients get who accept none of them. The same on all
   * nodes of a shop.
   */
  LOCALES: z
    .string()
    .default("en")
    .transform(list)
    .pipe(
      z
        .array(z.string().regex(localeTag, "must be a language tag such as en or zh-CN"))
        .min(1)
        .max(maxLocales),
    )
    .transform((tags) => Intl.getCanonicalLocales(tags)),

  // Prices, tax and shipping
  /** ISO 4217 code of the currency of all prices. */
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code")
    .default("GBP"),
  /** Tax contained in prices, in hundredths of a percent: 2000 is 20 %. */
  TAX_RATE_BASIS_POINTS: integer(0, 10_000).default(2000),
  /** Price of shipping an order, in minor units. */
  SHIPPING_MINOR: integer(0, 1_000_000).default(495),
  /** Value of goods from which shipping is free, in minor units; 0: always free. */
  FREE_SHIPPING_FROM_MINOR: integer(0, 100_000_000).default(5000),
  /**
   * Tax and shipping by ISO 3166-1 alpha-2 code where they differ from the three settings above:
   * `{"DE":{"taxRateBasisPoints":1900,"shippingMinor":1295,"freeShippingFromMinor":null}}`; null: never
   * free.
   */
  DESTINATIONS: z
    .string()
    .default("{}")
    .transform(json)
    .pipe(
      z.record(
        z.string().refine((code) => countryCodes.includes(code), "must be an ISO 3166-1 alpha-2 code"),
        destination,
      ),
    ),

  // Staff
  /**
   * Money that a member of staff or an API key may move a day (UTC) by refunds, returns, cancellations and
   * recorded payments, in minor units by role; `key`: API keys; `*`: all others; null: no limit.
   */
  STAFF_MONEY_PER_DAY: z
    .string()
    .default('{"administrator":null,"*":1000000}')
    .transform(json)
    .pipe(z.record(z.string().min(1), z.int().min(0).nullable())),
  /**
   * Amount from which a second member of staff must approve, in minor units, also for coupons of unlimited
   * worth. Absent: never.
   */
  FOUR_EYES_FROM_MINOR: integer(0, 1_000_000_000).optional(),

  // Seller
  /** Name of the seller on invoices. */
  SELLER_NAME: z.string().trim().min(1).max(120).default("The Shop"),
  /** Address of the seller on invoices, its lines separated by commas. */
  SELLER_ADDRESS: z
    .string()
    .default("")
    .transform(list)
    .pipe(z.array(z.string().max(120)).max(8)),
  /** Seller's number for the tax that prices contain. */
  SELLER_TAX_ID: z.string().trim().min(1).max(60).optional(),

  // Merchants
  /** Commission on the sales of new merchants, in hundredths of a percent: 1000 is 10 %. */
  MERCHANT_COMMISSION_BASIS_POINTS: integer(0, 10_000).default(1000),
  /** Time from the receipt of goods until their money is due to the merchant. */
  RETURN_WINDOW_DAYS: integer(0, 365).default(7),
  /**
   * Who bears the discounts of the mall's coupons: merchants are paid with or without them. A merchant bears those
   * of its own.
   */
  DISCOUNTS_BORNE_BY: z.enum(["mall", "merchant"]).default("mall"),

  // Payments
  /**
   * Payment providers offered: some of `manual`, `sandbox`, `stripe`, `alipay`, `wechat`. Absent:
   * `manual,sandbox` in one process, `manual` in the cluster.
   */
  PAYMENT_PROVIDERS: z.string().transform(list).pipe(z.array(z.string()).min(1)).optional(),
  /**
   * Longest pause between queries for an open payment at a provider that responds: so soon a payment counts whose
   * notice was lost, `SWEEP_INTERVAL_SECONDS` added.
   */
  PAYMENT_QUERY_SECONDS: integer(4, 3600).default(30),

  // Orders and carts
  /** Term of a stock reservation, within which its order must exist. */
  RESERVATION_LEASE_SECONDS: integer(1, 3600).default(60),
  /** Time after which an unpaid order expires. */
  PAYMENT_WINDOW_MINUTES: integer(1, 43_200).default(30),
  /** The same for an order that takes half or more of the remaining stock of a variant. */
  SCARCE_PAYMENT_WINDOW_MINUTES: integer(1, 43_200).default(10),
  /**
   * Days after delivery, or after shipping when no delivery is reported, until the receipt of goods is confirmed
   * by itself.
   */
  CONFIRM_RECEIPT_DAYS: integer(1, 365).default(10),
  /** Unpaid orders of one customer at a time; their goods are held from all others. */
  MAX_UNPAID_ORDERS: integer(1, 1_000_000_000).default(10),
  /** Units of one variant in all unpaid orders of one customer. */
  MAX_UNPAID_UNITS: integer(1, 1_000_000_000).default(999),
  /**
   * `MAX_UNPAID_ORDERS` of new customers: a younger account than `NEW_ACCOUNT_HOURS`, or an e-mail address
   * that is not verified.
   */
  MAX_UNPAID_ORDERS_NEW: integer(1, 1_000_000_000).default(3),
  /** `MAX_UNPAID_UNITS` of new customers. */
  MAX_UNPAID_UNITS_NEW: integer(1, 1_000_000_000).default(100),
  /** `MAX_UNPAID_ORDERS` of customers without an account, by e-mail address. */
  MAX_UNPAID_ORDERS_GUEST: integer(1, 1_000_000_000).default(2),
  /** `MAX_UNPAID_UNITS` of customers without an account. */
  MAX_UNPAID_UNITS_GUEST: integer(1, 1_000_000_000).default(50),
  /** Age until which an account is new. */
  NEW_ACCOUNT_HOURS: integer(0, 87_600).default(24),
  /** Unpaid orders of all customers of one address, except those in `RATE_LIMIT_EXEMPT`. */
  MAX_UNPAID_ORDERS_PER_ADDRESS: integer(1, 1_000_000_000).default(30),
  /** The same, from which on the address can place no further order without an account. */
  MAX_UNPAID_ORDERS_PER_ADDRESS_GUEST: integer(1, 1_000_000_000).default(10),
  /** Time for which an `Idempotency-Key` and its response are kept. */
  IDEMPOTENCY_RETENTION_HOURS: integer(24, 720).default(48),
  /** Time after which an unused cart is removed. */
  CART_LIFETIME_DAYS: integer(1, 365).default(30),
  /** Interval of the sweepers: leases, unpaid orders, expired keys. */
  SWEEP_INTERVAL_SECONDS: integer(1, 3600).default(5),

  // Reviews
  /** `after`: reviews and replies are published at once; `before`: when staff have approved them. */
  REVIEWS_MODERATION: z.enum(["before", "after"]).default("after"),
  /** Time for which an author can change a review. */
  REVIEWS_EDIT_DAYS: integer(0, 3650).default(30),
  /** Time for which an author can add one follow-up to a review. */
  REVIEWS_FOLLOW_UP_DAYS: integer(0, 3650).default(180),
  /** Reports by different users that hide a review or reply until staff have looked at it. */
  REVIEWS_HIDING_REPORTS: integer(1, 1_000_000).default(5),

  // After-sale service
  /** Time from the arrival of a merchant's part of an order in which buyers can ask for after-sale service. */
  AFTER_SALE_REQUEST_DAYS: integer(1, 3650).default(30),
  /** Time for a merchant's answer to a request; silence approves it. */
  AFTER_SALE_ANSWER_HOURS: integer(1, 8760).default(48),
  /** Time for a buyer to have the mall's staff decide about a rejection. */
  AFTER_SALE_ESCALATE_DAYS: integer(1, 365).default(7),
  /** Time for the staff's decision; afterwards they are reminded. */
  AFTER_SALE_DECIDE_DAYS: integer(1, 365).default(7),
  /** Time for a buyer to send goods back; then the request is closed. */
  AFTER_SALE_SEND_DAYS: integer(1, 365).default(7),
  /** Time for the merchant to confirm that goods came back; then they are taken as received. */
  AFTER_SALE_RECEIVE_DAYS: integer(1, 365).default(10),
  /** Time for the merchant to send a replacement; then the buyer is refunded. */
  AFTER_SALE_REPLACE_DAYS: integer(1, 365).default(7),

  // Accounts
  /** Lifetime of an access token. */
  ACCESS_TOKEN_MINUTES: integer(1, 60).default(10),
  /** Lifetime of a refresh token. */
  REFRESH_TOKEN_DAYS: integer(1, 365).default(30),
  /** Age at which the key that signs access tokens is rotated; sessions go on. */
  SIGNING_KEY_DAYS: integer(1, 3650).default(90),
  /** Whether accounts with permissions need a second factor. */
  STAFF_TWO_FACTOR: z.enum(["optional", "required"]).default("optional"),

  // Customers without an account
  /** Lifetime of the token that opens a guest's order; it can be mailed again. */
  ORDER_TOKEN_DAYS: integer(1, 3650).default(180),
  /** Time after the last order until the personal data of a guest are erased. */
  GUEST_RETENTION_DAYS: integer(1, 36_500).default(3650),

  // Mail
  /**
   * Mail server, e.g. `smtp://user:password@mail.example:587`. Absent: mail is written to files in
   * `DATA_DIR`.
   */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Sender of all mail. */
  MAIL_FROM: z.email().default("shop@shop.example"),
  /** The shop's own pages, which links in mail lead to. Absent: mail contains codes instead of links. */
  SHOP_URL: z.url({ protocol: /^https?$/ }).optional(),

  // Notifications
  /**
   * Address of the API as mail programs reach it, `https://shop.example` for `https://shop.example/api/v1`, for
   * links to unsubscribe. Absent: `SHOP_URL`.
   */
  API_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Time zone of times in notifications and of quiet hours, for customers who chose none: an IANA name. */
  NOTIFICATIONS_TIME_ZONE: z.string().refine(isTimeZone, "must be an IANA time zone").default("UTC"),
  /** Days for which notifications are kept, read or not. */
  NOTIFICATIONS_RETENTION_DAYS: integer(2, 3650).default(90),

  // Messages to phones
  /**
   * HTTP gateway that delivers messages to phones: each is a signed `POST` of JSON. Absent: messages are
   * written to files in `DATA_DIR`.
   */
  NOTIFY_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Signs the messages for the gateway (HMAC-SHA-256); required with `NOTIFY_URL`. */
  NOTIFY_SECRET: z.string().min(16).optional(),
  /** Time limit for the gateway's answer. */
  NOTIFY_TIMEOUT_MS: integer(100, 30_000).default(5000),
  /** Action of an installed service that delivers messages instead, e.g. `sms.send`. */
  NOTIFY_ACTION: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(?:\.[\w-]+)+$/, "must be the full name of an action, such as sms.send")
    .optional(),
  /** Countries to whose phone numbers codes are sent, as ISO 3166-1 alpha-2 codes; empty: all. */
  PHONE_COUNTRIES: z
    .string()
    .default("")
    .transform(list)
    .pipe(
      z.array(z.string().refine((code) => countryCodes.includes(code), "must be an ISO 3166-1 alpha-2 code")),
    ),
  /** Codes that the whole shop sends to phones a day (UTC): the most that an attack can cost. */
  PHONE_CODES_PER_DAY: integer(0, 1_000_000_000).default(2000),

  // Images
  /** Where images are stored: `disk`, in `MEDIA_DIRECTORY`, or `s3`, in a bucket of S3 or what is compatible. */
  MEDIA_STORE: z.enum(["disk", "s3"]).default("disk"),
  /**
   * Directory of images, shared by all nodes; also that of files on their way to S3. In one process `media` in
   * `DATA_DIR` when absent; a cluster without it and without S3 takes no images.
   */
  MEDIA_DIRECTORY: z.string().min(1).optional(),
  /** Base of the URLs of images, such as a CDN in front of the shop. Absent: the shop's own address. */
  MEDIA_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Largest image that is taken, in MiB. */
  MEDIA_MAX_MIB: integer(1, 64).default(20),
  /** Largest image that is taken, in millions of pixels, for AVIF a third; each takes up to 7 bytes to decode. */
  MEDIA_MAX_MEGAPIXELS: integer(1, 200).default(50),
  /** Time after which a stored image that nothing refers to is removed. */
  MEDIA_UNREFERENCED_HOURS: integer(1, 8760).default(24),
  /** Bucket of images. */
  MEDIA_BUCKET: z.string().min(1).optional(),
  /** Server that is compatible with S3, e.g. `https://s3.example:9000`. Absent: AWS. */
  MEDIA_BUCKET_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Region of the bucket. */
  MEDIA_BUCKET_REGION: z.string().min(1).default("us-east-1"),
  /** Key for the bucket. Absent: what the AWS client finds by itself, such as the machine's role. */
  MEDIA_BUCKET_KEY_ID: z.string().min(1).optional(),
  /** Secret of that key. */
  MEDIA_BUCKET_SECRET: z.string().min(1).optional(),

  // Search
  /** Engine that ranks found products: `built-in`, or `meilisearch`, a server of its own. */
  SEARCH_ENGINE: z.enum(["built-in", "meilisearch"]).default("built-in"),
  /** Meilisearch, e.g. `http://meilisearch.example:7700`. */
  MEILISEARCH_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Key of Meilisearch, for searches, documents, indexes, settings and tasks. Absent: none is sent. */
  MEILISEARCH_KEY: z.string().min(1).optional(),
  /** Time after which the built-in engine answers a search instead of Meilisearch. */
  MEILISEARCH_TIMEOUT_MS: integer(10, 10_000).default(300),

  // Statistics
  /** Time zone of the days that statistics are counted by, an IANA name such as `Europe/London`. */
  STATISTICS_TIME_ZONE: z.string().refine(isTimeZone, "must be an IANA time zone").default("UTC"),
  /**
   * Days for which statistics keep what each order contributed; the figures of each day are kept for ever. Longer
   * than orders are refunded and returned.
   */
  STATISTICS_LEDGER_DAYS: integer(31, 3650).default(400),

  // Webhooks
  /**
   * Where webhooks may lead: `public`, by https to port 443 of public addresses, or `any`, also by http, for
   * development: who manages webhooks can reach the shop's own servers then.
   */
  WEBHOOK_DESTINATIONS: z.enum(["public", "any"]).default("public"),
  /** Days for which webhooks' events and deliveries are kept, longer than a delivery is attempted. */
  WEBHOOK_RETENTION_DAYS: integer(4, 365).default(30),

  // Audit trail and secrets
  /**
   * Seals the head of the audit trail against forgery by write access to its database alone. Absent:
   * generated and kept in a file (in one process only).
   */
  AUDIT_KEY: z.string().min(16).optional(),
  /** Age at which entries of the audit trail are removed. Absent: never. */
  AUDIT_RETENTION_DAYS: integer(minAuditRetentionDays, 36_500).optional(),
  /**
   * Encrypts second factors, signing keys and webhooks' secrets in the databases: a key of 32 characters or more, or
   * `id:key`; several separated by commas, of which the first encrypts and all decrypt. Absent: generated
   * and kept in a file (in one process only).
   */
  SECRETS_KEY: z.string().min(1).optional(),

  // Servers of a cluster
  /** RabbitMQ, e.g. `amqp://user:password@host:5672`. */
  AMQP_URL: z.url({ protocol: /^amqps?$/ }).optional(),
  /** Redis, e.g. `redis://:password@host:6379`. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /**
   * Primary database, as `host:port`. The password of each service that owns data and runs on the node is in
   * `DATABASE_PASSWORD_<SERVICE>`, e.g. `DATABASE_PASSWORD_ORDERS`.
   */
  DATABASE_PRIMARY: hostAndPort.optional(),
  /** Replicas of the primary database, as `host:port,host:port`. */
  DATABASE_REPLICAS: z.string().default("").transform(list).pipe(z.array(hostAndPort)),
  /** Database account of `npm run migrate`. */
  DATABASE_MIGRATION_USER: z.string().default("shop_migrate"),
  /** Password of that account. */
  DATABASE_MIGRATION_PASSWORD: z.string().optional(),
  /** Connections of a service on one node to each database server. */
  DATABASE_POOL_SIZE: integer(1, 500).default(16),

  // Durable events
  /** Failed attempts at a durable event before it becomes a dead letter. */
  EVENT_ATTEMPTS: integer(1, 1000).default(48),
  /** Pauses after the first, second … failed attempt; the last one after all further ones. */
  EVENT_BACKOFF_MS: z
    .string()
    .default("200,1000,5000,30000")
    .transform(list)
    .pipe(z.array(integer(1, 86_400_000)).min(1).max(10)),

  /**
   * Time for which the sender keeps an event that RabbitMQ has confirmed, to send it again should RabbitMQ
   * lose it: longer than any consumer is ever away.
   */
  EVENT_HISTORY_HOURS: integer(1, 720).default(24),
  /**
   * Time for which consumers remember the events that took effect; an older unknown event becomes a dead
   * letter.
   */
  INBOX_RETENTION_DAYS: integer(1, 3650).default(30),

  // Tests
  /** Check results and errors against their contracts; on in tests, off in production. */
  CHECK_CONTRACTS: flag.default(false),
});

export type Env = z.output<typeof schema>;
export type EnvSource = Readonly<Record<string, string | undefined>>;

/** An invalid setting. The message is one line and names the key. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads and checks all settings.
 *
 * @throws ConfigError naming every invalid key
 */
export function readEnv(source?: EnvSource): Env {
  return parseSettings(schema, source);
}

/**
 * Reads and checks the settings that a schema declares.
 *
 * @param because why they are required, for the message
 * @throws ConfigError naming every invalid key
 */
export function parseSettings<S extends z.ZodObject>(
  schema: S,
  source: EnvSource = process.env,
  because = "",
): z.output<S> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (source[key] ? [[key, source[key]]] : [])),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [key, ...within], message }) => {
      if (given[String(key)] === undefined) return `${String(key)} is required ${because}`.trimEnd();
      const place = within.filter((step) => typeof step === "string").join(".");
      return `${String(key)}: ${place && `${place}: `}${message}`;
    });
    throw new ConfigError(`bad setting: ${[...new Set(faults)].join("; ")}`);
  }
  return parsed.data;
}

/** Name of the setting with a service's database password, e.g. `DATABASE_PASSWORD_GIFT_CARDS`. */
export function databasePasswordKey(service: string): string {
  return `DATABASE_PASSWORD_${service.replaceAll("-", "_").toUpperCase()}`;
}

/** Reads a setting whose name depends on the installed services. */
export function settingNamed(key: string, source: EnvSource = process.env): string | undefined {
  return source[key] || undefined;
}

/** The process's environment with some settings replaced. */
export function environmentWith(overrides: EnvSource): EnvSource {
  return { ...process.env, ...overrides };
}
