import type { ShopCommand } from "./command.ts";

export const replayDeadLetters: ShopCommand = {
  usage: "dlq replay [id]",
  summary: "Replay one dead letter, or all of them",
  async run({ call }, [eventId]) {
    const { revived } = await call("operations.dead-letters.replay", { eventId });
    return revived === 0 ? "nothing to replay" : `${revived} queued for replay`;
  },
};
