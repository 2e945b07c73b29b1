import { randomBytes, timingSafeEqual } from "node:crypto";
import { argon2id } from "../argon2id.ts";
import { commonPasswords } from "./common-passwords.ts";

/** OWASP's minimum for Argon2id; memory in KiB. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const saltLength = 16;

/** A hash to keep instead of the password, as PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(saltLength);
  const hash = await argon2id({ message: password.normalize("NFKC"), nonce, ...parameters });
  return phc(nonce, hash);
}

/**
 * Whether the password is the one behind the hash. Without a hash (no such account) it takes as long as with one and
 * is false.
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const kept = parse(hash ?? nobodysHash);
  const message = password.normalize("NFKC");
  const derived = await argon2id({ message, nonce: kept.salt, tagLength: kept.hash.length, ...kept.cost });
  return timingSafeEqual(derived, kept.hash) && hash !== undefined;
}

/** Whether a password is among those that attackers try first. */
export function isCommonPassword(password: string): boolean {
  return commonPasswords.has(password.toLowerCase());
}

const nobodysHash = hashOfNothing();

/** A hash that belongs to no password. */
export function hashOfNothing(): string {
  return phc(randomBytes(saltLength), randomBytes(parameters.tagLength));
}

function phc(salt: Uint8Array, hash: Uint8Array): string {
  const { memory, passes, parallelism } = parameters;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

function parse(phc: string) {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (!match) throw new Error("a stored password hash is not an Argon2id PHC string");
  const [, m, t, p, salt = "", hash = ""] = match;
  return {
    cost: { memory: Number(m), passes: Number(t), parallelism: Number(p) },
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
