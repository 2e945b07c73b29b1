import { newSigningSecret } from "../domain/signature.ts";
import { presentWebhook } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

const dayMs = 86_400_000;

/** Replaces the secret. The previous one signs too for a day, so that receivers can change over. */
export const rotateSecret = action("webhooks.rotate-secret", async (context, { endpoints }) => {
  const { params, now, transaction, fail } = context;
  const rotated = await transaction(async (tx) => {
    const before = await endpoints.lock(params.id, tx);
    if (!before) throw fail("not-found");
    const changed = {
      ...before,
      secret: newSigningSecret(),
      previousSecret: before.secret,
      previousUntil: now + dayMs,
      version: before.version + 1,
      updatedAt: now,
    };
    await endpoints.update(changed, tx);
    tx.publish("webhooks.secret-rotated", { webhookId: changed.id });
    return changed;
  });
  return { ...presentWebhook(rotated, now), secret: rotated.secret };
});
