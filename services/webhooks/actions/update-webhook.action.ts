import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { assertEndpoint } from "../assert-endpoint.ts";
import { presentWebhook, webhookState } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

/** Changes a webhook. Enabling it begins anew: failures of before do not count. */
export const updateWebhook = action("webhooks.update", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { endpoints, sender } = dependencies;
  assertEndpoint(params, dependencies);
  const updated = await transaction(async (tx) => {
    const before = await endpoints.lock(params.id, tx);
    if (!before) throw fail("not-found");
    assertVersion(before, params);
    const wanted = {
      ...before,
      url: params.url ?? before.url,
      description: params.description ?? before.description,
      events: params.events ?? before.events,
      enabled: params.enabled ?? before.enabled,
      ordered: params.ordered ?? before.ordered,
    };
    const differing = difference(webhookState(before), webhookState(wanted));
    if (!differing) return before;
    const isEnabledAgain = wanted.enabled && !before.enabled;
    const changed = {
      ...wanted,
      ...(isEnabledAgain ? { disabledReason: null, failingSince: null } : {}),
      version: before.version + 1,
      updatedAt: now,
    };
    await endpoints.update(changed, tx);
    tx.publish("webhooks.changed", { webhookId: changed.id, ...differing });
    return changed;
  });
  sender.nudge();
  return presentWebhook(updated, now);
});
