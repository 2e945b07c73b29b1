import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Time-based one-time passwords (RFC 6238) as authenticator apps implement them: SHA-1, six digits, 30
 * seconds.
 */

const stepMs = 30_000;
const digits = 6;
/** Tolerates clock skew and slow typing: the previous and the next code are accepted too. */
const tolerance = [0, -1, 1];
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** @returns a new secret of 160 bits, in Base32 */
export function newTotpSecret(): string {
  return base32(randomBytes(20));
}

/** URI for an app's QR code. */
export function totpUri(secret: string, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

/** The code of a time step. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}

export function totpStep(now: number): number {
  return Math.floor(now / stepMs);
}

/** @returns the code's time step; undefined for a code outside the tolerance */
export function stepOfCode(secret: string, code: string, now: number): number | undefined {
  const given = Buffer.from(code.padEnd(digits));
  const steps = tolerance.map((shift) => totpStep(now) + shift).filter((step) => step >= 0);
  return steps.find(
    (step) => given.length === digits && timingSafeEqual(given, Buffer.from(totpCode(secret, step))),
  );
}

export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, "0"), 2)]).join("");
}

function fromBase32(text: string): Buffer {
  const bits = text
    .split("")
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
