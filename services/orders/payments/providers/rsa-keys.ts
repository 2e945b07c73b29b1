import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { ConfigError } from "../../../../config/index.ts";

/**
 * Reads an RSA private key: PEM, or the Base64 of PKCS#8 or PKCS#1 without its frame, as providers' tools write it.
 *
 * @param setting named in the error
 * @throws ConfigError when it is none
 */
export function rsaPrivateKey(text: string, setting: string): KeyObject {
  return readKey(setting, [
    () => createPrivateKey(pem(text)),
    () => createPrivateKey({ key: bytesOf(text), format: "der", type: "pkcs8" }),
    () => createPrivateKey({ key: bytesOf(text), format: "der", type: "pkcs1" }),
  ]);
}

/** Reads an RSA public key: PEM, or the Base64 of its SubjectPublicKeyInfo. As `rsaPrivateKey`. */
export function rsaPublicKey(text: string, setting: string): KeyObject {
  return readKey(setting, [
    () => createPublicKey(pem(text)),
    () => createPublicKey({ key: bytesOf(text), format: "der", type: "spki" }),
  ]);
}

/** In environment files the lines of a PEM are often joined by `\n`. */
function pem(text: string): string {
  return text.replaceAll("\\n", "\n");
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ""), "base64");
}

function readKey(setting: string, attempts: readonly (() => KeyObject)[]): KeyObject {
  for (const attempt of attempts)
    try {
      const key = attempt();
      if (key.asymmetricKeyType === "rsa") return key;
    } catch {
      // Tries the next form.
    }
  throw new ConfigError(`bad setting: ${setting} must be an RSA key in PEM or Base64`);
}
