import type { ShopCommand } from "./command.ts";

export const replayDeadLetters: ShopCommand = {
  usage: "dlq replay [id]",
  summary: "Let one event that was set aside, or all of them, be tried again",
  async run({ call }, [eventId]) {
    const { revived } = await call("operations.dead-letters.replay", { eventId });
    return revived === 0 ? "there was nothing to replay" : `${revived} will be tried again`;
  },
};
