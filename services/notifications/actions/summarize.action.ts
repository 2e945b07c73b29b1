import { deliveryStatuses } from "../data/delivery-repository.ts";
import { outwardChannels } from "../domain/kinds.ts";
import { action } from "../notifications.dependencies.ts";

/** Counting stops here. */
const maxCount = 10_000;

export const summarize = action("notifications.summary", async (_context, { deliveries }) => {
  const rows = [];
  for (const channel of outwardChannels) {
    const counts = { waiting: 0, sending: 0, sent: 0, skipped: 0, failed: 0 };
    for (const status of deliveryStatuses)
      counts[status] = await deliveries.summary(channel, status, maxCount);
    rows.push({ channel, ...counts });
  }
  return rows;
});
