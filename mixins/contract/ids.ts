import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";
import { z } from "zod";

const bytesEach = 16;
/** Pool of random bytes: one `randomFillSync` per id would take half as long as a cached response. */
const random = Buffer.alloc(256 * bytesEach);
let used = random.length;
let msecs = 0;
/** Counter within a millisecond; starts at a random value in the lower half of its range. */
let seq = 0;

/**
 * A new UUIDv7: unique, and increasing within a process, so that inserts append to the index. Services assign
 * ids before the insert, which makes a retried insert idempotent.
 */
export function newId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    seq = random.readUInt32BE(used) >>> 1;
  } else {
    seq += 1;
  }
  const own = random.subarray(used, (used += bytesEach));
  return v7({ random: own, msecs, seq });
}

/** Creation time of an id, in milliseconds since 1970 (UTC). */
export function idTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A UUID in params and results, in lower case as the databases store it. */
export const id = z.uuid().toLowerCase();
