import type { CryptoKey, JWK } from "jose";
import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import type { Config } from "../../config/index.ts";
import { accessTokenAlgorithm, accessTokenAudience, accessTokenIssuer } from "../contract/access-token.ts";
import type { SigningKey, SigningKeyRepository } from "./data/signing-key-repository.ts";

type PublicJwk = { kty: "OKP"; crv: "Ed25519"; x: string; kid: string; alg: "EdDSA"; use: "sig" };

/**
 * Makes the tokens that a session consists of: short access tokens that the gateway can verify by itself, and opaque
 * refresh tokens, of which only the hash is kept.
 */
export class TokenIssuer {
  readonly #keys: readonly SigningKey[];
  readonly #signWith: CryptoKey;
  readonly accessMs: number;
  readonly refreshMs: number;

  private constructor(keys: readonly SigningKey[], signWith: CryptoKey, config: Config) {
    this.#keys = keys;
    this.#signWith = signWith;
    this.accessMs = config.tokens.accessMs;
    this.refreshMs = config.tokens.refreshMs;
  }

  /** Uses the newest key of the database; makes the first one when there is none. */
  static async create(repository: SigningKeyRepository, config: Config): Promise<TokenIssuer> {
    const known = await repository.all();
    const keys = known.length > 0 ? known : await repository.addUnlessThere(await firstSigningKey());
    const [newest] = keys;
    if (!newest) throw new Error("there is no signing key");
    const signWith = (await importJWK(JSON.parse(newest.privateJwk) as JWK, accessTokenAlgorithm)) as CryptoKey;
    return new TokenIssuer(keys, signWith, config);
  }

  /** @returns a JWT that says who the user and which the session is, good for `accessMs` */
  async accessToken(userId: string, sessionId: string, now: number): Promise<string> {
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: accessTokenAlgorithm, kid: this.#keys[0]?.kid ?? "", typ: "at+jwt" })
      .setSubject(userId)
      .setIssuer(accessTokenIssuer)
      .setAudience(accessTokenAudience)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor((now + this.accessMs) / 1000))
      .sign(this.#signWith);
  }

  /** The public half of every key, for verifying. */
  publicKeys(): PublicJwk[] {
    return this.#keys.map(({ kid, privateJwk }) => {
      const { x } = JSON.parse(privateJwk) as { x: string };
      return { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" };
    });
  }
}

/** Its `kid` is fixed, so that of two nodes that start at once only one makes it. */
async function firstSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(accessTokenAlgorithm, { crv: "Ed25519", extractable: true });
  return { kid: "key-1", privateJwk: JSON.stringify(await exportJWK(privateKey)), createdAt: Date.now() };
}
