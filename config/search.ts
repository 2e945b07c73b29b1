import type { Env } from "./env.ts";
import { ConfigError } from "./env.ts";

/** Search engine outside the shop; see `services/catalog/search`. */
export interface MeilisearchSettings {
  /** Without a trailing slash. */
  readonly url: string;
  /** Undefined: the server asks for none. */
  readonly key: string | undefined;
  /** Longest wait of a search, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * @returns undefined with the built-in engine
 * @throws ConfigError when Meilisearch lacks its URL
 */
export function meilisearchSettings(env: Env): MeilisearchSettings | undefined {
  if (env.SEARCH_ENGINE === "built-in") return undefined;
  if (env.MEILISEARCH_URL === undefined)
    throw new ConfigError("bad setting: MEILISEARCH_URL is required when SEARCH_ENGINE=meilisearch");
  return {
    url: env.MEILISEARCH_URL.replace(/\/+$/, ""),
    key: env.MEILISEARCH_KEY,
    timeoutMs: env.MEILISEARCH_TIMEOUT_MS,
  };
}
