/**
 * Logs unhandled errors instead of ending the process: nodes stop with their supervisor, whose own RabbitMQ
 * connection only serves monitoring.
 */
export function logUnhandledErrors(log: (line: string) => void): void {
  const report = (error: unknown) =>
    log(
      `The supervisor continues after an error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}
