/** The error handler's response. */
export function problem(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}
