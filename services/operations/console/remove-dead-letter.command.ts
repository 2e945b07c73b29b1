import type { ShopCommand } from "./command.ts";

export const removeDeadLetter: ShopCommand = {
  usage: "dlq remove <id>",
  summary: "Remove a dead letter; its effects will never happen",
  async run({ call }, [eventId = ""]) {
    const { removed } = await call("operations.dead-letters.remove", { eventId });
    return removed === 0 ? "nothing to remove" : `${removed} removed`;
  },
};
