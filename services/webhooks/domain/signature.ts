import { createHmac, randomBytes } from "node:crypto";

/** Of every signing secret; what follows is Base64 of the key. */
const prefix = "whsec_";
const keyBytes = 32;

export function newSigningSecret(): string {
  return `${prefix}${randomBytes(keyBytes).toString("base64")}`;
}

interface SignedMessage {
  /** The same for each attempt at an event. */
  readonly id: string;
  /** Seconds since the Unix epoch, of the attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * Value of `webhook-signature` by Standard Webhooks: `v1,` and the HMAC-SHA-256 of `<id>.<timestamp>.<body>` in
 * Base64, once for each secret, separated by spaces.
 */
export function signaturesOf(secrets: readonly string[], { id, timestamp, body }: SignedMessage): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(prefix.length), "base64");
      return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
    })
    .join(" ");
}

export function isSigningSecret(text: string): boolean {
  return text.startsWith(prefix) && Buffer.from(text.slice(prefix.length), "base64").length === keyBytes;
}
