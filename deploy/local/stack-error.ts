/** A failure that is told to the person as it stands: its message names the cause and what to do, and needs no stack trace. */
export class StackError extends Error {
  override name = "StackError";
}

/** Servers are missing and cannot be installed here. */
export class ServersMissing extends StackError {
  override name = "ServersMissing";
}
