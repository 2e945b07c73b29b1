import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../operations.dependencies.ts";

const shownCharacters = 10_000;

export const listDeadLetters = action("operations.dead-letters.list", async ({ params }, { events }) => {
  const letters = await events().deadLetters(params.limit);
  return {
    items: letters.map(({ id, event, consumer, attempts, error }) => ({
      eventId: id,
      event: event.name,
      consumer,
      attempts,
      error,
      occurredAt: toTimestamp(event.occurredAt),
      requestId: event.requestId,
      payload: shown(event.payload),
    })),
  };
});

/** Bounds the response: a hundred large payloads would be too much. */
function shown(payload: object): Record<string, unknown> {
  const text = JSON.stringify(payload);
  return text.length > shownCharacters ? { content: text.slice(0, shownCharacters) } : { ...payload };
}
