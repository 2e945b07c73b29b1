import { action } from "../operations.dependencies.ts";

export const removeDeadLetter = action(
  "operations.dead-letters.remove",
  async ({ params, log }, { events }) => {
    const removed = await events().removeDeadLetters(params.eventId);
    if (removed > 0) log.warn(`dead letter ${params.eventId} removed by an operator`);
    return { removed };
  },
);
