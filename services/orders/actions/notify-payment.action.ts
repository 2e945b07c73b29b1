import type { Origin } from "../../../mixins/database/database.ts";
import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { signaturesIn } from "../contract/payments.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { action } from "../orders.dependencies.ts";
import { applyProviderEvent } from "../payments/apply-provider-event.ts";
import { readRenewal, renewMethod } from "../payments/renew-payment-method.ts";
import { settleSetup } from "../payments/settle-setup.ts";
import type { OnlinePaymentProvider, ProviderNotice, SetupEvent } from "../payments/provider-interface.ts";
import { InvalidSignature } from "../payments/provider-interface.ts";

type Context = ActionContext<"orders.payments.notify">;

/**
 * Inserts the notification and its effect in one transaction; a repeated notification is found there and has
 * no further effect.
 */
export const notifyPayment = action("orders.payments.notify", async (context, dependencies) => {
  const { params, now, fail, requestId, transaction } = context;
  const { notices, providers } = dependencies;
  const provider = providers.online(params.provider);
  if (!provider) throw fail("not-found");
  const { eventId, type, event } = read(provider, context);
  const notice = {
    provider: provider.name,
    eventId,
    type,
    reference: event?.reference ?? null,
    receivedAt: now,
  };
  const isRenewal = event?.about === "method-details";
  const renewal = isRenewal ? await readRenewal(provider, event, dependencies) : undefined;
  const origin = { actor: { kind: "system", id: `payments.${provider.name}` }, requestId } as const;

  const outcome = await transaction(async (tx) => {
    if (!(await notices.insert(notice, tx))) return "duplicate";
    if (!event) return "ignored";
    const asProvider = tx.as(origin);
    const applied =
      event.about === "method-details"
        ? await renewMethod(renewal, asProvider, dependencies)
        : await applyProviderEvent(provider.name, event, now, asProvider, dependencies);
    await notices.keepOutcome(notice, applied, tx);
    return applied;
  });
  if (outcome === "applied" && event?.about === "setup") await settle(event, origin, context, dependencies);
  if (outcome === "unknown" || outcome === "mismatched")
    context.log.warn(
      `${provider.name} told ${type} (${eventId}) of ${notice.reference ?? "nothing"}: ${outcome}`,
    );
  return { outcome };
});

/** Reads the setup's result at once; a job does it if that fails. */
async function settle(
  { id, reference }: SetupEvent,
  origin: Origin,
  { now, log, transaction }: Context,
  needs: OrdersDependencies,
): Promise<void> {
  const setup = id === undefined ? undefined : await needs.setups.byId(id, undefined);
  if (!setup) return;
  const asProvider: Context["transaction"] = (work) => transaction((tx) => work(tx.as(origin)));
  await settleSetup(setup, reference, { now, transaction: asProvider }, needs).catch((error: unknown) =>
    log.warn(`asking ${setup.provider} about payment setup ${setup.id} failed`, error),
  );
}

function read(provider: OnlinePaymentProvider, { params, now, fail }: Context): ProviderNotice {
  try {
    return provider.readNotice(Buffer.from(params.body, "base64"), signaturesIn(params, provider.name), now);
  } catch (error) {
    if (error instanceof InvalidSignature) throw fail("invalid-signature");
    if (error instanceof SyntaxError)
      throw fail("malformed-request", "The notification is signed but unreadable");
    throw error;
  }
}
