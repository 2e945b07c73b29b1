/** Whether amqplib refuses something because its connection is being closed, which it says at once, and not by the promise or the callback. */
export function isBeingClosed(error: unknown): boolean {
  return error instanceof Error && error.name === "IllegalOperationError";
}
