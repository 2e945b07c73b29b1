import { setTimeout as sleep } from "node:timers/promises";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { withTimeout } from "../../../mixins/support/with-timeout.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { Delivery } from "../data/delivery-repository.ts";
import { decideDelivery } from "../domain/decide-delivery.ts";
import type { OutwardChannel } from "../domain/kinds.ts";
import { nextAttempt, retriedForMs } from "../domain/send-schedule.ts";
import type { TemplateContent } from "../domain/template.ts";
import { findTemplate } from "../find-template.ts";
import type { NotificationsDependencies } from "../notifications.dependencies.ts";
import { renderNotification } from "../render-notification.ts";
import type { Addressee } from "./recipients.ts";
import { addresseesOf } from "./recipients.ts";

/** Number of concurrent sends, and so the most that a killed node can have sent without knowing. */
const batch = 16;
const sendTimeoutMs = 30_000;
/** Longer than a send and what comes before it can take: after a crash, the delivery is retried then. */
const leaseMs = 120_000;

/** A rendered notification for one address. */
export interface Outgoing {
  readonly delivery: Delivery;
  readonly address: string;
  /** One of the shop's languages. */
  readonly locale: string;
  readonly content: TemplateContent;
  readonly unsubscribing: Unsubscribing;
}

/** Ways to switch a kind off, where there are any. */
export interface Unsubscribing {
  /** The shop's own page, for people. */
  readonly pageUrl?: string | undefined;
  /** For mail programs (RFC 8058). */
  readonly oneClickUrl?: string | undefined;
}

/** A way to deliver. */
export interface Outlet {
  readonly channel: OutwardChannel;
  readonly unsubscribing: (delivery: Delivery) => Promise<Unsubscribing>;
  /** @throws a permanent error, or one that a later attempt may not meet */
  readonly send: (outgoing: Outgoing) => Promise<void>;
  readonly isPermanent: (error: unknown) => boolean;
}

type Outcome = "ended" | "failed";

/**
 * Sends what is due by one channel, urgent kinds first. Each delivery is `sending` in the database before its
 * transport is called, and `sent` as soon as it has answered. A run ends when a whole batch has failed.
 */
export async function sendDeliveries(
  outlet: Outlet,
  context: JobContext,
  dependencies: NotificationsDependencies,
): Promise<void> {
  for (;;) {
    const claimed = await context.transaction((tx) =>
      dependencies.deliveries.claim(outlet.channel, Date.now(), leaseMs, batch, tx),
    );
    if (claimed.length === 0) return;
    const addresseeOf = await addresseesOf(claimed, context, dependencies).catch(async (error: unknown) => {
      await giveBack(claimed, error as Error, context, dependencies);
      throw error;
    });
    const templates = new Map<string, Promise<TemplateContent>>();
    const outcomes = await Promise.all(
      claimed.map((delivery) =>
        deliver(delivery, addresseeOf(delivery), templates, outlet, context, dependencies),
      ),
    );
    if (claimed.length < batch || outcomes.every((outcome) => outcome === "failed")) return;
  }
}

/** Nothing was attempted. */
async function giveBack(
  claimed: readonly Delivery[],
  { message }: Error,
  { transaction, log }: JobContext,
  { deliveries }: NotificationsDependencies,
): Promise<void> {
  log.warn(`recipients of ${claimed.length} notifications are not known now (${message})`);
  const now = Date.now();
  await transaction(async (tx) => {
    for (const delivery of claimed) await deliveries.deferUntil(delivery, now + 10_000, delivery.endsAt, tx);
  });
}

async function deliver(
  delivery: Delivery,
  addressee: Addressee | undefined,
  templates: Map<string, Promise<TemplateContent>>,
  outlet: Outlet,
  { transaction, log }: JobContext,
  dependencies: NotificationsDependencies,
): Promise<Outcome> {
  const { deliveries, settings } = dependencies;
  const { kind } = delivery;
  const decision = decideDelivery(kind, outlet.channel, addressee, settings.timeZone, Date.now());
  if ("waitUntil" in decision) {
    const { waitUntil } = decision;
    await transaction((tx) => deliveries.deferUntil(delivery, waitUntil, waitUntil + retriedForMs, tx));
    return "ended";
  }
  if ("skip" in decision || !addressee) {
    const reason = "skip" in decision ? decision.skip : "no-account";
    await transaction((tx) => deliveries.end(delivery, "skipped", reason, Date.now(), tx));
    return "ended";
  }
  try {
    const outgoing = await outgoingOf(delivery, addressee, decision.send, templates, outlet, dependencies);
    await withTimeout(sendTimeoutMs, outlet.send(outgoing));
  } catch (error) {
    await failed(delivery, error as Error, outlet, { transaction, log }, dependencies);
    return "failed";
  }
  await recordSent(delivery, { transaction }, dependencies);
  return "ended";
}

/** Waits for a database that is away as long as the lease holds: afterwards it would be sent again. */
async function recordSent(
  delivery: Delivery,
  { transaction }: Pick<JobContext, "transaction">,
  { deliveries }: NotificationsDependencies,
): Promise<void> {
  for (;;)
    try {
      await transaction((tx) => deliveries.end(delivery, "sent", null, Date.now(), tx));
      return;
    } catch (error) {
      if (!isShopError(error, "unavailable") || Date.now() >= delivery.dueAt) throw error;
      await sleep(1000);
    }
}

async function outgoingOf(
  delivery: Delivery,
  addressee: Addressee,
  address: string,
  templates: Map<string, Promise<TemplateContent>>,
  outlet: Outlet,
  dependencies: NotificationsDependencies,
): Promise<Outgoing> {
  const { locales, settings } = dependencies;
  const locale = locales.accepted(addressee.locale ?? undefined);
  const key = `${delivery.kind} ${locale}`;
  const template = templates.get(key) ?? findTemplate(delivery.kind, locale, dependencies);
  templates.set(key, template);
  const unsubscribing = await outlet.unsubscribing(delivery);
  const reader = {
    customer: addressee.name,
    locale,
    timeZone: addressee.preferences.timeZone ?? settings.timeZone,
    unsubscribeUrl: unsubscribing.pageUrl,
  };
  const content = renderNotification(await template, delivery, reader, { ...settings, locales });
  return { delivery, address, locale, content, unsubscribing };
}

async function failed(
  delivery: Delivery,
  error: Error,
  outlet: Outlet,
  { transaction, log }: Pick<JobContext, "transaction" | "log">,
  { deliveries }: NotificationsDependencies,
): Promise<void> {
  const { id: deliveryId, notificationId, kind, attempt: attempts, endsAt } = delivery;
  const { channel } = outlet;
  const now = Date.now();
  const dueAt = outlet.isPermanent(error) ? undefined : nextAttempt(attempts, endsAt, now);
  const outcome = dueAt === undefined ? "given up" : `next attempt in ${Math.round((dueAt - now) / 1000)} s`;
  log.warn(`sending ${kind} ${deliveryId} by ${channel} failed (${error.message}): ${outcome}`);
  await transaction(async (tx) => {
    if (dueAt !== undefined) await deliveries.postpone(delivery, dueAt, error.message, tx);
    else if (await deliveries.end(delivery, "failed", error.message, now, tx))
      tx.publish("notifications.given-up", { notificationId, deliveryId, kind, channel, attempts });
  });
}
