import { argon2Sync } from "node:crypto";
import type { Argon2idInput } from "./argon2id.ts";

/** What a thread of the pool does with each input that it is given. */
export default function hash(input: Argon2idInput): Uint8Array {
  return argon2Sync("argon2id", input);
}
