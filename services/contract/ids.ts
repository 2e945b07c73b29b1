import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";
import { z } from "zod";

const bytesEach = 16;
/** Random bytes for many ids: asking for those of one takes as long as half of a kept answer. */
const random = Buffer.alloc(256 * bytesEach);
let used = random.length;
let msecs = 0;
/** Counts the ids of a millisecond, from a random number below half of what fits. */
let seq = 0;

/**
 * A new UUIDv7: unique, and ordered by time of making, so that rows arrive at the end of an index; in one process each
 * is greater than those before. The service makes it before the insert, so that a retried insert is the same row.
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

/** When an id was made: milliseconds since 1970, UTC. */
export function idTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A UUID as ids are, in params and results; in small letters, as the databases keep it. */
export const id = z.uuid().toLowerCase();
