import { createHmac } from "node:crypto";
import { inside } from "./directory.ts";
import { amqpUrl } from "./servers/rabbitmq.ts";
import { redisUrl } from "./servers/redis.ts";
import { writePrivately, type StackSettings } from "./state.ts";

/** The settings with which the shop uses a stack, named as the shop reads them. They contain passwords. */
export type StackEnvironment = ReturnType<typeof stackEnvironment>;

export function stackEnvironment(settings: StackSettings) {
  const { ports, secrets, listen: host = "127.0.0.1" } = settings;
  return {
    SHOP_SHAPE: "cluster",
    AMQP_URL: amqpUrl(settings, host),
    REDIS_URL: redisUrl(settings, host),
    DATABASE_PRIMARY: `${host}:${ports.primary}`,
    DATABASE_REPLICAS: `${host}:${ports["replica-1"]},${host}:${ports["replica-2"]}`,
    DATABASE_PASSWORD_USERS: secrets.users,
    DATABASE_PASSWORD_CATALOG: secrets.catalog,
    DATABASE_PASSWORD_CART: secrets.cart,
    DATABASE_PASSWORD_ORDERS: secrets.orders,
    DATABASE_PASSWORD_AUDIT: secrets.audit,
    AUDIT_KEY: createHmac("sha256", secrets.cookie).update("AUDIT_KEY").digest("base64url"),
    SECRETS_KEY: `stack:${createHmac("sha256", secrets.cookie).update("SECRETS_KEY").digest("base64url")}`,
    DATABASE_MIGRATION_USER: "shop_migrate",
    DATABASE_MIGRATION_PASSWORD: secrets.migrate,
  };
}

/** Writes them as `stack.env` (dotenv, mode 0600). */
export async function writeEnvironment(settings: StackSettings): Promise<void> {
  const lines = Object.entries(stackEnvironment(settings)).map(([name, value]) => `${name}=${value}\n`);
  await writePrivately(inside(settings.directory).environment, lines.join(""));
}
