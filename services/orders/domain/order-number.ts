import { randomBytes } from "node:crypto";

/** Crockford's base 32: no I, L, O, U, so that a number can be read out and typed without mistakes. */
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const orderNumberBytes = 5;

/** An order's number from 40 random bits: `K7Q2-9XMD`. It tells nothing of how many orders there are. */
export function orderNumber(random: Uint8Array): string {
  const bits = random.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const digits = Array.from({ length: 8 }, (_, index) => symbols.charAt(Number((bits >> BigInt(35 - 5 * index)) & 31n)));
  return `${digits.slice(0, 4).join("")}-${digits.slice(4).join("")}`;
}

/** A random one, which hardly any other order has. */
export function newOrderNumber(): string {
  return orderNumber(randomBytes(orderNumberBytes));
}

/** A number as it was meant by someone who typed `k7q29xmd` or took 0 for O; it need not be any order's. */
export function readOrderNumber(typed: string): string {
  const digits = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
