import { randomBytes, timingSafeEqual } from "node:crypto";
import { argon2id } from "../argon2id.ts";

/** OWASP's minimum for Argon2id; memory in KiB. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const saltLength = 16;

/** Hashes a password for storage, as PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(saltLength);
  const hash = await argon2id({ message: password.normalize("NFKC"), nonce, ...parameters });
  return phc(nonce, hash);
}

/** Verifies a password. Without a hash (unknown account) it takes equally long and returns false. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const parsed = parse(hash ?? dummyHash);
  const message = password.normalize("NFKC");
  const derived = await argon2id({
    message,
    nonce: parsed.salt,
    tagLength: parsed.hash.length,
    ...parsed.cost,
  });
  return timingSafeEqual(derived, parsed.hash) && hash !== undefined;
}

const dummyHash = unusableHash();

/** A hash that matches no password. */
export function unusableHash(): string {
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
