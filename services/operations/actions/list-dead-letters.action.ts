import { toTimestamp } from "../../contract/fields.ts";
import { action } from "../operations.dependencies.ts";

export const listDeadLetters = action("operations.dead-letters.list", async ({ params }, { events }) => {
  const letters = await events().deadLetters(params.limit);
  return {
    items: letters.map(({ event, consumer, attempts, error }) => ({
      eventId: event.id,
      event: event.name,
      consumer,
      attempts,
      error,
      occurredAt: toTimestamp(event.occurredAt),
      requestId: event.requestId,
      payload: { ...event.payload },
    })),
  };
});
