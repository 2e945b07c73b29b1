import { randomBytes } from "node:crypto";

/** Crockford's base 32: without I, L, O and U, so that numbers can be read out and typed reliably. */
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const orderNumberBytes = 5;

/** Formats 40 random bits as an order number: `K7Q2-9XMD`. It does not reveal the number of orders. */
export function orderNumber(random: Uint8Array): string {
  const bits = random.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const digits = Array.from({ length: 8 }, (_, index) =>
    symbols.charAt(Number((bits >> BigInt(35 - 5 * index)) & 31n)),
  );
  return `${digits.slice(0, 4).join("")}-${digits.slice(4).join("")}`;
}

/** A random number; collisions are rare. */
export function newOrderNumber(): string {
  return orderNumber(randomBytes(orderNumberBytes));
}

/** Normalizes a typed number, e.g. `k7q29xmd`, or O for 0; the order may not exist. */
export function readOrderNumber(typed: string): string {
  const digits = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
