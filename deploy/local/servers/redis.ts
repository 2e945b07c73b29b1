import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { inside } from "../directory.ts";
import { addressesOf, writePrivately, type StackSettings } from "../state.ts";
import { configuration, type Server } from "./server.ts";

export function redisUrl(settings: StackSettings, host = "127.0.0.1"): string {
  return `redis://:${settings.secrets.redis}@${host}:${settings.ports.redis}`;
}

export function redisServer(settings: StackSettings): Server {
  const home = inside(settings.directory).home("redis");
  const data = join(home, "data");
  const configFile = join(home, "redis.conf");
  return {
    name: "redis",
    port: settings.ports.redis,
    patienceMs: 30_000,
    prepare: async () => {
      await mkdir(data, { recursive: true });
      const values = {
        addresses: addressesOf(settings).join(" "),
        port: settings.ports.redis,
        password: settings.secrets.redis,
      };
      await writePrivately(
        configFile,
        await configuration(["redis/shop.conf", "local/config/redis.conf"], values),
      );
    },
    command: (programs) => ({ command: programs.redis, args: [configFile], cwd: data }),
    check: async () => {
      const client = new Redis(redisUrl(settings), {
        lazyConnect: true,
        connectTimeout: 2_000,
        commandTimeout: 2_000,
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      });
      let reason: Error | undefined; // more specific than the rejection: "Connection is closed."
      client.on("error", (error: Error) => {
        reason ??= error;
      });
      try {
        await client.connect();
        await client.ping();
      } catch (error) {
        throw reason ?? error;
      } finally {
        client.disconnect();
      }
    },
  };
}
