import type { CryptoKey, JWK } from "jose";
import { importJWK, SignJWT } from "jose";
import type { Config } from "../../config/index.ts";
import {
  accessTokenAlgorithm,
  accessTokenAudience,
  accessTokenIssuer,
} from "../../mixins/contract/access-token.ts";
import type { SigningKey, SigningKeyRepository } from "./data/signing-key-repository.ts";
import { signerOf } from "./domain/signing-keys.ts";
import { newSigningKey } from "./new-signing-key.ts";

type PublicJwk = { kty: "OKP"; crv: "Ed25519"; x: string; kid: string; alg: "EdDSA"; use: "sig" };

/** Interval for reading other nodes' new keys; much shorter than their lead time. */
const keyRefreshMs = 5000;
/** Bounds the database reads that requests for the public keys cause. */
const publishedKeyRefreshMs = 1000;

/** Issues access tokens, which gateways verify locally, with the current signing key. */
export class TokenIssuer {
  readonly accessMs: number;
  readonly refreshMs: number;
  readonly #repository: SigningKeyRepository;
  readonly #imported = new Map<string, Promise<CryptoKey>>();
  #keys: readonly SigningKey[];
  #readAt = Date.now();

  private constructor(repository: SigningKeyRepository, keys: readonly SigningKey[], config: Config) {
    this.#repository = repository;
    this.#keys = keys;
    this.accessMs = config.tokens.accessMs;
    this.refreshMs = config.tokens.refreshMs;
  }

  /** Creates the first key if the database has none. */
  static async create(repository: SigningKeyRepository, config: Config): Promise<TokenIssuer> {
    const known = await repository.all();
    const keys = known.length > 0 ? known : await repository.addIfAbsent(await newSigningKey([], Date.now()));
    return new TokenIssuer(repository, keys, config);
  }

  /** @returns a JWT with the user and session ids, valid for `accessMs` */
  async accessToken(userId: string, sessionId: string, now: number): Promise<string> {
    if (Math.abs(now - this.#readAt) > keyRefreshMs) await this.#read(now);
    const key = signerOf(this.#keys, now);
    if (!key) throw new Error("there is no signing key");
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: accessTokenAlgorithm, kid: key.kid, typ: "at+jwt" })
      .setSubject(userId)
      .setIssuer(accessTokenIssuer)
      .setAudience(accessTokenAudience)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor((now + this.accessMs) / 1000))
      .sign(await this.#private(key));
  }

  /** Public keys for verification: of keys that sign, will sign, or have signed valid tokens. */
  async publicKeys(): Promise<PublicJwk[]> {
    const now = Date.now();
    if (now - this.#readAt > publishedKeyRefreshMs) await this.#read(now);
    return this.#keys.map(({ kid, privateJwk }) => {
      const { x } = JSON.parse(privateJwk) as { x: string };
      return { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" };
    });
  }

  /** Reports the present key ids; unknown ones are read before the next signature. */
  noteKids(kids: readonly string[]): void {
    const isKnown = kids.length === this.#keys.length && this.#keys.every(({ kid }) => kids.includes(kid));
    if (!isKnown) this.#readAt = -Infinity;
  }

  async #read(now: number): Promise<void> {
    this.#keys = await this.#repository.all();
    this.#readAt = now;
  }

  #private({ kid, privateJwk }: SigningKey): Promise<CryptoKey> {
    const known = this.#imported.get(kid);
    if (known) return known;
    const made = importJWK(JSON.parse(privateJwk) as JWK, accessTokenAlgorithm) as Promise<CryptoKey>;
    this.#imported.set(kid, made);
    return made;
  }
}
