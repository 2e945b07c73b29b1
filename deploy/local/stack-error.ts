/** An error shown to the user without a stack trace: its message names cause and remedy. */
export class StackError extends Error {
  override name = "StackError";
}

/** Servers are missing and cannot be installed here. */
export class ServersMissing extends StackError {
  override name = "ServersMissing";
}
