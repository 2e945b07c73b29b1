/**
 * An event that is older than the inbox's retention and not in it: it may have taken effect already. It
 * becomes a dead letter at once, because retries would not help.
 */
export class ExpiredEventError extends Error {
  override name = "ExpiredEventError";

  constructor() {
    super("older than the inbox's retention (INBOX_RETENTION_DAYS), so it may have taken effect already");
  }
}
