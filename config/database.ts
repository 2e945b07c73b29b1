import { join, resolve } from "node:path";
import type { Env, ServiceName } from "./env.ts";
import { ConfigError } from "./env.ts";

/** The services that own data. Each has its own SQLite file, or its own schema and database user. */
export type DataService = Exclude<ServiceName, "api">;

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export type DatabaseConfig =
  | { readonly engine: "sqlite"; readonly file: (service: DataService) => string }
  | {
      readonly engine: "mysql";
      readonly primary: ServerAddress;
      readonly replicas: readonly ServerAddress[];
      readonly poolSize: number;
      readonly schema: (service: DataService) => string;
      /** Schema, user and password with which a service reaches its own data. */
      readonly login: (service: DataService) => { schema: string; user: string; password: string };
      readonly migration: { readonly user: string; readonly password: string };
    };

/** @throws ConfigError when the cluster shape lacks a database setting. */
export function databaseConfig(env: Env): DatabaseConfig {
  if (env.SHOP_SHAPE === "embedded") {
    const directory = resolve(env.DATA_DIR);
    return { engine: "sqlite", file: (service) => join(directory, `${service}.sqlite`) };
  }
  const passwords: Record<DataService, string | undefined> = {
    users: env.DATABASE_PASSWORD_USERS,
    catalog: env.DATABASE_PASSWORD_CATALOG,
    cart: env.DATABASE_PASSWORD_CART,
    orders: env.DATABASE_PASSWORD_ORDERS,
    audit: env.DATABASE_PASSWORD_AUDIT,
  };
  for (const service of env.SERVICES)
    if (service !== "api") required(passwords[service], `DATABASE_PASSWORD_${service.toUpperCase()}`);
  required(env.AMQP_URL, "AMQP_URL");
  required(env.REDIS_URL, "REDIS_URL");
  return {
    engine: "mysql",
    primary: address(required(env.DATABASE_PRIMARY, "DATABASE_PRIMARY")),
    replicas: env.DATABASE_REPLICAS.map(address),
    poolSize: env.DATABASE_POOL_SIZE,
    schema: schemaOf,
    login: (service) => ({
      schema: schemaOf(service),
      user: schemaOf(service),
      password: required(passwords[service], `DATABASE_PASSWORD_${service.toUpperCase()}`),
    }),
    migration: { user: env.DATABASE_MIGRATION_USER, password: env.DATABASE_MIGRATION_PASSWORD ?? "" },
  };
}

/** A service's schema and its database user have the same name. */
function schemaOf(service: DataService): string {
  return `shop_${service}`;
}

function required<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new ConfigError(`bad setting: ${key} is required when SHOP_SHAPE=cluster`);
  return value;
}

function address(text: string): ServerAddress {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}
