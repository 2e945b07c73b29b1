/**
 * The service cannot work with its database and retrying is pointless: the start fails. The message is one
 * line.
 */
export class UnusableDatabaseError extends Error {
  override name = "UnusableDatabaseError";
}
