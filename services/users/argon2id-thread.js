import { argon2Sync } from "node:crypto";

/**
 * What a thread of the pool does with each input that it is given. It is JavaScript, since what makes that of TypeScript
 * would take up 12 MB in each thread.
 *
 * @param {import("./argon2id.ts").Argon2idInput} input
 * @returns {Uint8Array}
 */
export default function hash(input) {
  return argon2Sync("argon2id", input);
}
