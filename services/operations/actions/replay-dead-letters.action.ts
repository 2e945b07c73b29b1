import { action } from "../operations.dependencies.ts";

/** What is tried again starts with a clean record: it has all its tries before it. */
export const replayDeadLetters = action("operations.dead-letters.replay", async ({ params, log }, { events }) => {
  const revived = await events().replayDeadLetters(params.eventId);
  log.info(`${revived} dead letters will be tried again`);
  return { revived };
});
