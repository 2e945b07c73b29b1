import { action } from "../operations.dependencies.ts";

/** Replayed events start with a reset attempt counter. */
export const replayDeadLetters = action(
  "operations.dead-letters.replay",
  async ({ params, log }, { events }) => {
    const revived = await events().replayDeadLetters(params.eventId);
    log.info(`${revived} dead letters queued for replay`);
    return { revived };
  },
);
