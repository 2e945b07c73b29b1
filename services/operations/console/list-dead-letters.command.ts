import type { ShopCommand } from "./command.ts";
import { table } from "./table.ts";

const headings = ["event id", "event", "of", "not consumed by", "tries", "last error"];

export const listDeadLetters: ShopCommand = {
  usage: "dlq list",
  summary: "The first hundred events whose delivery failed finally",
  async run({ call }) {
    const { items } = await call("operations.dead-letters.list", { limit: 100 });
    if (items.length === 0) return "there are no dead letters";
    return table(
      headings,
      items.map(({ eventId, event, occurredAt, consumer, attempts, error }) => [
        eventId,
        event,
        occurredAt,
        consumer,
        attempts,
        error,
      ]),
    );
  },
};
