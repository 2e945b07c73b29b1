import { exportJWK, generateKeyPair } from "jose";
import { accessTokenAlgorithm } from "../../mixins/contract/access-token.ts";
import type { SigningKey } from "./data/signing-key-repository.ts";
import { nextKid } from "./domain/signing-keys.ts";

/** Creates the next Ed25519 key. */
export async function newSigningKey(keys: readonly SigningKey[], now: number): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(accessTokenAlgorithm, { crv: "Ed25519", extractable: true });
  return { kid: nextKid(keys), privateJwk: JSON.stringify(await exportJWK(privateKey)), createdAt: now };
}
