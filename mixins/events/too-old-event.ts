/**
 * An event from before what the inbox remembers, and which it does not know: nobody can tell whether it was taken in then.
 * It is set aside at once, since further tries would change nothing.
 */
export class TooOldEvent extends Error {
  override name = "TooOldEvent";

  constructor() {
    super("it happened before what the inbox remembers (INBOX_RETENTION_DAYS), so it may have taken effect already");
  }
}
