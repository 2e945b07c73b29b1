import { createHmac } from "node:crypto";
import { join } from "node:path";
import { databasePasswordKey } from "../../config/env.ts";
import { inside } from "./directory.ts";
import { amqpUrl } from "./servers/rabbitmq.ts";
import { redisUrl } from "./servers/redis.ts";
import { servicePasswords, writePrivately, type StackSettings } from "./state.ts";

/** The shop's settings for a stack, by environment variable. They contain passwords. */
export type StackEnvironment = ReturnType<typeof settingsOfShop> &
  Record<`DATABASE_PASSWORD_${string}`, string>;

export function stackEnvironment(settings: StackSettings): StackEnvironment {
  const passwords = Object.entries(servicePasswords(settings)).map(([name, password]) => [
    databasePasswordKey(name),
    password,
  ]);
  return Object.assign(
    settingsOfShop(settings),
    Object.fromEntries(passwords) as Record<`DATABASE_PASSWORD_${string}`, string>,
  );
}

function settingsOfShop(settings: StackSettings) {
  const { ports, secrets, listen: host = "127.0.0.1" } = settings;
  return {
    SHOP_SHAPE: "cluster",
    AMQP_URL: amqpUrl(settings, host),
    REDIS_URL: redisUrl(settings, host),
    DATABASE_PRIMARY: `${host}:${ports.primary}`,
    DATABASE_REPLICAS: `${host}:${ports["replica-1"]},${host}:${ports["replica-2"]}`,
    AUDIT_KEY: createHmac("sha256", secrets.cookie).update("AUDIT_KEY").digest("base64url"),
    SECRETS_KEY: `stack:${createHmac("sha256", secrets.cookie).update("SECRETS_KEY").digest("base64url")}`,
    DATABASE_MIGRATION_USER: "shop_migrate",
    DATABASE_MIGRATION_PASSWORD: secrets.migrate,
    MEDIA_DIRECTORY: join(settings.directory, "media"),
  };
}

/** Writes them as `stack.env` (dotenv, mode 0600). */
export async function writeEnvironment(settings: StackSettings): Promise<void> {
  const lines = Object.entries(stackEnvironment(settings)).map(([name, value]) => `${name}=${value}\n`);
  await writePrivately(inside(settings.directory).environment, lines.join(""));
}
