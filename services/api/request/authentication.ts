import { createHash } from "node:crypto";
import type { CryptoKey, JWK } from "jose";
import { errors, importJWK, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import {
  accessTokenAlgorithm,
  accessTokenAudience,
  accessTokenIssuer,
} from "../../../mixins/contract/access-token.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import type { Caller, KeyCaller, OrderCaller, UserCaller } from "../../../mixins/contract/caller.ts";
import { guest } from "../../../mixins/contract/caller.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { lruOptions } from "../limits/lru-options.ts";

/** Calls that the gateway makes to the users service. */
export interface SessionAuthority {
  jwks(): Promise<Result<"users.jwks">>;
  checkSession(sessionId: string): Promise<Result<"users.sessions.check">>;
  checkApiKey(keyHash: string): Promise<Result<"users.api-keys.check">>;
  checkOrderToken(tokenHash: string): Promise<Result<"users.order-tokens.check">>;
}

/** TTL of cached session and key lookups in milliseconds: a revoked one stops working within it. */
const sessionCacheMs = 1000;
const maxCachedSessions = 50_000;
const maxCachedApiKeys = 5000;
const maxCachedOrderTokens = 5000;
/** Formats of generated keys and order tokens; anything else is rejected without a lookup. */
const apiKeyPattern = /^sk_[\w-]{43}$/;
const orderTokenPattern = /^ot_[\w-]{43}$/;
const maxCachedTokens = 10_000;
/** Minimum interval between key fetches that an unknown key id triggers. */
const keyFetchIntervalMs = 3000;
/** Maximum age of the fetched keys: a retired one expires by then. */
const keyCacheMs = 5 * 60_000;

/** Minimum interval between fetches while a new key propagates to all nodes. */
const newKeyFetchIntervalMs = 500;

/** Credential headers by Node's names. */
interface Credentials {
  readonly authorization?: string | undefined;
  readonly "x-api-key"?: string | string[] | undefined;
  readonly "x-order-token"?: string | string[] | undefined;
}

interface Claims {
  readonly userId: string;
  readonly sessionId: string;
  /** Id of the signing key. */
  readonly kid: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Owner of a session, and the keys that may sign its tokens. */
interface SessionHolder {
  readonly caller: UserCaller;
  readonly keyIds: readonly string[] | undefined;
}

/** Authenticates requests: verifies access tokens locally, and sessions and API keys at the users service. */
export class Authentication {
  readonly #authority: SessionAuthority;
  readonly #keys = new Map<string, CryptoKey>();
  #keysFetchedAt = -Infinity;
  #fetching: Promise<void> | undefined;
  /** Claims of verified tokens. */
  readonly #verifiedTokens = new LRUCache<string, Claims>(lruOptions(maxCachedTokens));
  /** Session lookups, cached and single-flight. */
  readonly #sessions = new LRUCache<string, Promise<SessionHolder | undefined>>({
    ...lruOptions(maxCachedSessions),
    ttl: sessionCacheMs,
  });

  /** API key lookups by hash, cached and single-flight. */
  readonly #apiKeys = new LRUCache<string, Promise<KeyCaller | undefined>>({
    ...lruOptions(maxCachedApiKeys),
    ttl: sessionCacheMs,
  });

  /** Lookups of order tokens by hash, cached and single-flight. */
  readonly #orderTokens = new LRUCache<string, Promise<OrderCaller | undefined>>({
    ...lruOptions(maxCachedOrderTokens),
    ttl: sessionCacheMs,
  });

  constructor(authority: SessionAuthority) {
    this.#authority = authority;
  }

  /**
   * @param sent credential headers; without them the caller is a guest
   * @param fresh bypasses the session cache
   * @throws ShopError `unauthenticated` for an invalid token or key; errors of the users service as they are
   */
  async callerOf(
    { authorization, "x-api-key": apiKey, "x-order-token": orderToken }: Credentials,
    { fresh = false } = {},
  ): Promise<Caller> {
    if (orderToken !== undefined) {
      if (authorization !== undefined || apiKey !== undefined || Array.isArray(orderToken))
        throw new ForgedCredentials();
      return this.#orderCaller(orderToken);
    }
    if (apiKey !== undefined) {
      if (authorization !== undefined || Array.isArray(apiKey)) throw new ForgedCredentials();
      return this.#keyCaller(apiKey);
    }
    if (authorization === undefined) return guest;
    const [, token] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization) ?? [];
    if (!token) throw new ForgedCredentials();
    if (token.startsWith("sk_")) return this.#keyCaller(token);
    if (token.startsWith("ot_")) return this.#orderCaller(token);
    const { userId, sessionId, kid } = await this.#claims(token);
    const holder = await ((fresh ? undefined : this.#sessions.get(sessionId)) ?? this.#check(sessionId));
    // A withdrawn signing key stays in the local cache for a while, and so do tokens verified with it.
    if (holder?.caller.userId !== userId || holder.keyIds?.includes(kid) === false) throw invalidToken();
    return holder.caller;
  }

  /** Drops a session from the cache. */
  invalidateSession(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  async #keyCaller(key: string): Promise<KeyCaller> {
    if (!apiKeyPattern.test(key)) throw new ForgedCredentials();
    const caller = await lookUp(this.#apiKeys, key, async (keyHash) => {
      const known = await this.#authority.checkApiKey(keyHash);
      return known ? { kind: "key", ...known } : undefined;
    });
    if (!caller) throw new ForgedCredentials();
    return caller;
  }

  async #orderCaller(token: string): Promise<OrderCaller> {
    if (!orderTokenPattern.test(token)) throw new ForgedCredentials();
    const caller = await lookUp(this.#orderTokens, token, async (tokenHash) => {
      const known = await this.#authority.checkOrderToken(tokenHash);
      return known ? { kind: "order", ...known } : undefined;
    });
    // Expired and revoked ones are removed: most of these were issued once.
    if (!caller) throw invalidToken();
    return caller;
  }

  async #claims(token: string): Promise<Claims> {
    const known = this.#verifiedTokens.get(token);
    if (known && known.expiresAt > Date.now()) return known;
    const claims = await this.#verify(token);
    this.#verifiedTokens.set(token, claims);
    return claims;
  }

  async #verify(token: string): Promise<Claims> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => this.#key(kid), {
        algorithms: [accessTokenAlgorithm],
        issuer: accessTokenIssuer,
        audience: accessTokenAudience,
        typ: "at+jwt",
        requiredClaims: ["sub", "sid", "exp"],
      });
      const { sub, sid, exp } = payload;
      // Malformed ids are rejected without a lookup.
      const [user, session] = [id.safeParse(sub), id.safeParse(sid)];
      if (!user.success || !session.success || exp === undefined) throw new ForgedCredentials();
      return {
        userId: user.data,
        sessionId: session.data,
        kid: String(protectedHeader.kid),
        expiresAt: exp * 1000,
      };
    } catch (error) {
      // Expired tokens of the shop are ordinary, not forged.
      if (error instanceof errors.JWTExpired) throw invalidToken();
      if (error instanceof errors.JOSEError) throw new ForgedCredentials();
      throw error;
    }
  }

  async #key(kid: string | undefined): Promise<CryptoKey> {
    if (typeof kid !== "string") throw new ForgedCredentials();
    const age = Date.now() - this.#keysFetchedAt;
    if (age >= (this.#keys.has(kid) ? keyCacheMs : keyFetchIntervalMs))
      await (this.#fetching ??= this.#fetchKeys().finally(() => {
        this.#fetching = undefined;
      }));
    const key = this.#keys.get(kid);
    if (!key) throw new ForgedCredentials();
    return key;
  }

  async #fetchKeys(): Promise<void> {
    const { keys } = await this.#authority.jwks();
    const imported = await Promise.all(keys.map((jwk) => importJWK(jwk as JWK, accessTokenAlgorithm)));
    this.#keys.clear();
    for (const [index, { kid }] of keys.entries()) this.#keys.set(kid, imported[index] as CryptoKey);
    this.#keysFetchedAt = Date.now();
  }

  /** Prefetches a new signing key before tokens signed with it arrive. */
  #expectKeys(keyIds: readonly string[]): void {
    const isNew = keyIds.some((kid) => !this.#keys.has(kid));
    if (isNew && Date.now() - this.#keysFetchedAt > newKeyFetchIntervalMs) this.#keysFetchedAt = -Infinity;
  }

  #check(sessionId: string): Promise<SessionHolder | undefined> {
    const check = this.#authority.checkSession(sessionId).then((known) => {
      if (!known) return undefined;
      const { keyIds, ...holder } = known;
      this.#expectKeys(keyIds ?? []);
      return { caller: { kind: "user", sessionId, ...holder } as const, keyIds };
    });
    this.#sessions.set(sessionId, check);
    check.catch(() => {
      if (this.#sessions.peek(sessionId) === check) this.#sessions.delete(sessionId);
    });
    return check;
  }
}

/** Looks up a secret by its hash, once for all who ask at a time. Failures are not cached. */
async function lookUp<C extends Caller>(
  cache: LRUCache<string, Promise<C | undefined>>,
  secret: string,
  check: (hash: string) => Promise<C | undefined>,
): Promise<C | undefined> {
  const hash = createHash("sha256").update(secret).digest("hex");
  const known = cache.get(hash);
  if (known) return known;
  const pending = check(hash);
  cache.set(hash, pending);
  pending.catch(() => {
    if (cache.peek(hash) === pending) cache.delete(hash);
  });
  return pending;
}

const invalidCredentials = "The token or API key is invalid or has expired, or its session has ended";

function invalidToken(): ShopError {
  return new ShopError("unauthenticated", invalidCredentials);
}

/**
 * Credentials that the shop did not issue. Clients see the same error as for expired ones; the security log
 * does not.
 */
export class ForgedCredentials extends ShopError<"unauthenticated"> {
  constructor() {
    super("unauthenticated", invalidCredentials);
  }
}
