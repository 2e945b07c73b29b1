import { createHash } from "node:crypto";
import type { CryptoKey, JWK } from "jose";
import { errors, importJWK, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import { accessTokenAlgorithm, accessTokenAudience, accessTokenIssuer } from "../contract/access-token.ts";
import type { Result } from "../contract/calls.ts";
import type { Caller, KeyCaller, UserCaller } from "../contract/caller.ts";
import { guest } from "../contract/caller.ts";
import { ShopError } from "../contract/errors.ts";
import { id } from "../contract/ids.ts";
import { atMost } from "./at-most.ts";

/** What the gateway asks the users service. */
export interface SessionAuthority {
  jwks(): Promise<Result<"users.jwks">>;
  checkSession(sessionId: string): Promise<Result<"users.sessions.check">>;
  checkApiKey(keyHash: string): Promise<Result<"users.api-keys.check">>;
}

/** For how long the answer about a session or key is used again, in milliseconds; so soon a revoked one is out. */
const sessionKeptMs = 1000;
const sessionsKept = 50_000;
const apiKeysKept = 5000;
/** As the users service makes them; nothing else is worth a question. */
const apiKeyForm = /^sk_[\w-]{43}$/;
const tokensKept = 10_000;
/** An unknown key id makes the keys be fetched again, but not more often than this. */
const keysFetchedEveryMs = 3000;
/** After so long the keys are fetched again in any case, so that a retired one is forgotten. */
const keysKeptMs = 5 * 60_000;

/** While keys are on their way to all nodes, they are not fetched more often than this. */
const newKeysFetchedEveryMs = 500;

/** The headers by which callers say who they are, as Node has them. */
interface Credentials {
  readonly authorization?: string | undefined;
  readonly "x-api-key"?: string | string[] | undefined;
}

interface Claims {
  readonly userId: string;
  readonly sessionId: string;
  /** Of the key that signed. */
  readonly kid: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Whose a session is, and by which keys its tokens can be signed. */
interface Holder {
  readonly caller: UserCaller;
  readonly keyIds: readonly string[] | undefined;
}

/** Says who sends a request: checks access tokens by itself, and sessions with the users service. */
export class Authentication {
  readonly #authority: SessionAuthority;
  readonly #keys = new Map<string, CryptoKey>();
  #keysFetchedAt = -Infinity;
  #fetching: Promise<void> | undefined;
  /** Tokens whose signature was found good. */
  readonly #verified = new LRUCache<string, Claims>(atMost(tokensKept));
  /** Answers and questions under way, so that many requests of one session ask once. */
  readonly #sessions = new LRUCache<string, Promise<Holder | undefined>>({ ...atMost(sessionsKept), ttl: sessionKeptMs });

  /** The same for API keys, by their hash. */
  readonly #apiKeys = new LRUCache<string, Promise<KeyCaller | undefined>>({ ...atMost(apiKeysKept), ttl: sessionKeptMs });

  constructor(authority: SessionAuthority) {
    this.#authority = authority;
  }

  /**
   * @param sent the headers that say who it is; without them the caller is a guest
   * @param fresh whether the session is asked about now, whatever was heard of it a moment ago
   * @throws ShopError `unauthenticated` when it is no token or key that is good now; errors of the users service as
   *   they are
   */
  async callerOf({ authorization, "x-api-key": apiKey }: Credentials, { fresh = false } = {}): Promise<Caller> {
    if (apiKey !== undefined) {
      if (authorization !== undefined || Array.isArray(apiKey)) throw invalidToken();
      return this.#keyCaller(apiKey);
    }
    if (authorization === undefined) return guest;
    const [, token] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization) ?? [];
    if (!token) throw invalidToken();
    if (token.startsWith("sk_")) return this.#keyCaller(token);
    const { userId, sessionId, kid } = await this.#claims(token);
    const holder = await ((fresh ? undefined : this.#sessions.get(sessionId)) ?? this.#check(sessionId));
    // A key that was withdrawn is known here for a while, and what it signed was found good before.
    if (holder?.caller.userId !== userId || holder.keyIds?.includes(kid) === false) throw invalidToken();
    return holder.caller;
  }

  /** Makes the next request ask about this session again. */
  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  async #keyCaller(key: string): Promise<KeyCaller> {
    if (!apiKeyForm.test(key)) throw invalidToken();
    const keyHash = createHash("sha256").update(key).digest("hex");
    let check = this.#apiKeys.get(keyHash);
    if (!check) {
      const asked = this.#authority.checkApiKey(keyHash).then((known) => known ? ({ kind: "key", ...known } as const) : undefined);
      this.#apiKeys.set(keyHash, asked);
      asked.catch(() => {
        if (this.#apiKeys.peek(keyHash) === asked) this.#apiKeys.delete(keyHash);
      });
      check = asked;
    }
    const caller = await check;
    if (!caller) throw invalidToken();
    return caller;
  }

  async #claims(token: string): Promise<Claims> {
    const known = this.#verified.get(token);
    if (known && known.expiresAt > Date.now()) return known;
    const claims = await this.#verify(token);
    this.#verified.set(token, claims);
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
      // What is no id is worth no question.
      const [user, session] = [id.safeParse(sub), id.safeParse(sid)];
      if (!user.success || !session.success || exp === undefined) throw invalidToken();
      return { userId: user.data, sessionId: session.data, kid: String(protectedHeader.kid), expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JOSEError) throw invalidToken();
      throw error;
    }
  }

  async #key(kid: string | undefined): Promise<CryptoKey> {
    if (typeof kid !== "string") throw invalidToken();
    const age = Date.now() - this.#keysFetchedAt;
    if (age >= (this.#keys.has(kid) ? keysKeptMs : keysFetchedEveryMs))
      await (this.#fetching ??= this.#fetchKeys().finally(() => {
        this.#fetching = undefined;
      }));
    const key = this.#keys.get(kid);
    if (!key) throw invalidToken();
    return key;
  }

  async #fetchKeys(): Promise<void> {
    const { keys } = await this.#authority.jwks();
    const imported = await Promise.all(keys.map((jwk) => importJWK(jwk as JWK, accessTokenAlgorithm)));
    this.#keys.clear();
    for (const [index, { kid }] of keys.entries()) this.#keys.set(kid, imported[index] as CryptoKey);
    this.#keysFetchedAt = Date.now();
  }

  /** A key that is new is fetched before anyone comes with what it signed. */
  #heardOf(keyIds: readonly string[]): void {
    const isNew = keyIds.some((kid) => !this.#keys.has(kid));
    if (isNew && Date.now() - this.#keysFetchedAt > newKeysFetchedEveryMs) this.#keysFetchedAt = -Infinity;
  }

  #check(sessionId: string): Promise<Holder | undefined> {
    const check = this.#authority.checkSession(sessionId).then((known) => {
      if (!known) return undefined;
      const { keyIds, ...holder } = known;
      this.#heardOf(keyIds ?? []);
      return { caller: { kind: "user", sessionId, ...holder } as const, keyIds };
    });
    this.#sessions.set(sessionId, check);
    check.catch(() => {
      if (this.#sessions.peek(sessionId) === check) this.#sessions.delete(sessionId);
    });
    return check;
  }
}

function invalidToken(): ShopError {
  return new ShopError("unauthenticated", "The access token or API key is not valid, or its session has ended");
}
