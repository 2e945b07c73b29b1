/**
 * Whether amqplib failed because the connection is closing. It throws this synchronously, bypassing promise
 * and callback.
 */
export function isConnectionClosing(error: unknown): boolean {
  return error instanceof Error && error.name === "IllegalOperationError";
}
