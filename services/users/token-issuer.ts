import type { CryptoKey, JWK } from "jose";
import { importJWK, SignJWT } from "jose";
import type { Config } from "../../config/index.ts";
import { accessTokenAlgorithm, accessTokenAudience, accessTokenIssuer } from "../contract/access-token.ts";
import type { SigningKey, SigningKeyRepository } from "./data/signing-key-repository.ts";
import { signerOf } from "./domain/signing-keys.ts";
import { newSigningKey } from "./new-signing-key.ts";

type PublicJwk = { kty: "OKP"; crv: "Ed25519"; x: string; kid: string; alg: "EdDSA"; use: "sig" };

/** So soon a node learns of keys that another has made; much sooner than they sign. */
const keysReadEveryMs = 5000;
/** Anybody may ask for the public keys, as often as they like. */
const publishedKeysReadEveryMs = 1000;

/** Makes access tokens, which the gateway can verify by itself, with the key whose turn it is. */
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

  /** Makes the first key when the database has none. */
  static async create(repository: SigningKeyRepository, config: Config): Promise<TokenIssuer> {
    const known = await repository.all();
    const keys = known.length > 0 ? known : await repository.addUnlessThere(await newSigningKey([], Date.now()));
    return new TokenIssuer(repository, keys, config);
  }

  /** @returns a JWT that says who the user and which the session is, good for `accessMs` */
  async accessToken(userId: string, sessionId: string, now: number): Promise<string> {
    if (Math.abs(now - this.#readAt) > keysReadEveryMs) await this.#read(now);
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

  /** The public half of every key, for verifying: those that sign, will sign or have signed tokens that are good. */
  async publicKeys(): Promise<PublicJwk[]> {
    const now = Date.now();
    if (now - this.#readAt > publishedKeysReadEveryMs) await this.#read(now);
    return this.#keys.map(({ kid, privateJwk }) => {
      const { x } = JSON.parse(privateJwk) as { x: string };
      return { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" };
    });
  }

  /** Tells which keys there are now: when they are not those that are known here, they are read before the next one signs. */
  heardOf(kids: readonly string[]): void {
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
