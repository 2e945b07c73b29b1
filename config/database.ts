import { join, resolve } from "node:path";
import type { Env, EnvSource } from "./env.ts";
import { ConfigError, databasePasswordKey, settingNamed } from "./env.ts";

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export type DatabaseConfig =
  | {
      readonly engine: "sqlite";
      readonly file: (service: string) => string;
      /** Start on a damaged or incomplete file (`ACCEPT_DATA_LOSS`). */
      readonly acceptDataLoss: boolean;
    }
  | {
      readonly engine: "mysql";
      readonly primary: ServerAddress;
      readonly replicas: readonly ServerAddress[];
      readonly poolSize: number;
      readonly schema: (service: string) => string;
      /**
       * Schema, user and password of a service's own database account.
       *
       * @throws ConfigError when its password is not set
       */
      readonly login: (service: string) => { schema: string; user: string; password: string };
      readonly migration: { readonly user: string; readonly password: string };
    };

/**
 * Each service that owns data has its own SQLite file, or its own schema and database user.
 *
 * @throws ConfigError when the cluster shape lacks a setting that all services need
 */
export function databaseConfig(env: Env, source?: EnvSource): DatabaseConfig {
  if (env.SHOP_SHAPE === "embedded") {
    const directory = resolve(env.DATA_DIR);
    return {
      engine: "sqlite",
      file: (service) => join(directory, `${service}.sqlite`),
      acceptDataLoss: env.ACCEPT_DATA_LOSS,
    };
  }
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
      password: required(settingNamed(databasePasswordKey(service), source), databasePasswordKey(service)),
    }),
    migration: { user: env.DATABASE_MIGRATION_USER, password: env.DATABASE_MIGRATION_PASSWORD ?? "" },
  };
}

/** A service's schema and its database user have the same name. */
export function schemaOf(service: string): string {
  return `shop_${service.replaceAll("-", "_")}`;
}

function required<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new ConfigError(`bad setting: ${key} is required when SHOP_SHAPE=cluster`);
  return value;
}

function address(text: string): ServerAddress {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}
