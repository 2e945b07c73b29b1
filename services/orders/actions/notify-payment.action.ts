import type { ActionContext } from "../../../mixins/shop-action.ts";
import { action } from "../orders.dependencies.ts";
import { applyNews } from "../payments/apply-news.ts";
import type { OnlinePaymentProvider, ProviderNotice } from "../payments/provider.ts";
import { InvalidSignature } from "../payments/provider.ts";

type Context = ActionContext<"orders.payments.notify">;

/** The notice and its effect commit together: what is told again finds the notice there and has no further effect. */
export const notifyPayment = action("orders.payments.notify", async (context, dependencies) => {
  const { params, now, fail, requestId, transaction } = context;
  const { notices, providers } = dependencies;
  const provider = providers.online(params.provider);
  if (!provider) throw fail("not-found");
  const { eventId, type, news } = read(provider, context);
  const notice = { provider: provider.name, eventId, type, reference: news?.reference ?? null, receivedAt: now };
  const actor = { kind: "system", id: `payments.${provider.name}` } as const;

  const outcome = await transaction(async (tx) => {
    if (!(await notices.insert(notice, tx))) return "duplicate";
    if (!news) return "ignored";
    const became = await applyNews(provider.name, news, now, tx.as({ actor, requestId }), dependencies);
    await notices.keepOutcome(notice, became, tx);
    return became;
  });
  if (outcome === "unknown" || outcome === "mismatched")
    context.log.warn(`${provider.name} told ${type} (${eventId}) of ${notice.reference ?? "nothing"}: ${outcome}`);
  return { outcome };
});

function read(provider: OnlinePaymentProvider, { params, now, fail }: Context): ProviderNotice {
  const signature = provider.name === "stripe" ? params.stripeSignature : params.sandboxSignature;
  try {
    return provider.readNotice(Buffer.from(params.body, "base64"), signature, now);
  } catch (error) {
    if (error instanceof InvalidSignature) throw fail("invalid-signature");
    if (error instanceof SyntaxError) throw fail("malformed-request", "The notice is signed, but cannot be read");
    throw error;
  }
}
