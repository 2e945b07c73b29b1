import { v7 } from "uuid";
import { z } from "zod";

/**
 * A new UUIDv7: unique, and ordered by time of making, so that rows arrive at the end of an index. The service makes
 * it before the insert, so that a retried insert is the same row.
 */
export function newId(): string {
  return v7();
}

/** When an id was made: milliseconds since 1970, UTC. */
export function idTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A UUID as ids are, in params and results; in small letters, as the databases keep it. */
export const id = z.uuid().toLowerCase();
