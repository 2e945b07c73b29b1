import { createHmac, timingSafeEqual } from "node:crypto";
import type { KindName } from "./kinds.ts";
import { isOptional, kindNames } from "./kinds.ts";

/** What an unsubscribe link switches off: a customer's mail of a kind. */
export interface Unsubscription {
  readonly customerId: string;
  readonly kind: KindName;
}

const macBytes = 16;
const idBytes = 16;

/** Signs it with HMAC-SHA-256, cut to 128 bits. A link does not expire: mail is read after years. */
export function writeToken(key: Buffer, { customerId, kind }: Unsubscription): string {
  const id = Buffer.from(customerId.replaceAll("-", ""), "hex");
  const content = Buffer.concat([id, Buffer.from(kind, "ascii")]);
  return Buffer.concat([macOf(key, content), content]).toString("base64url");
}

/** @returns undefined for a token that was not signed with the key, or is of no optional kind */
export function readToken(key: Buffer, token: string): Unsubscription | undefined {
  const bytes = Buffer.from(token, "base64url");
  const [mac, content] = [bytes.subarray(0, macBytes), bytes.subarray(macBytes)];
  if (content.length <= idBytes || !timingSafeEqual(mac, macOf(key, content))) return undefined;
  const kind = kindNames.find((name) => name === content.subarray(idBytes).toString("ascii"));
  if (kind === undefined || !isOptional(kind)) return undefined;
  const hex = content.subarray(0, idBytes).toString("hex");
  const customerId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { customerId, kind };
}

function macOf(key: Buffer, content: Buffer): Buffer {
  return createHmac("sha256", key).update(content).digest().subarray(0, macBytes);
}
