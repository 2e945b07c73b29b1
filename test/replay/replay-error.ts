/** The replay cannot continue. The message is one line for the user. */
export class ReplayError extends Error {
  override name = "ReplayError";
}
