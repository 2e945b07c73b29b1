import { UndeliverableMessageError } from "../../../mixins/notify/notify-channel.ts";
import { job } from "../notifications.dependencies.ts";
import { sendDeliveries } from "../sending/send-deliveries.ts";

/** Sends SMS, at least once as mail is; the gateway deduplicates by the message's id. */
export const sendSms = job({
  name: "send-sms",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  run: (context, dependencies) =>
    sendDeliveries(
      {
        channel: "sms",
        unsubscribing: () => Promise.resolve({}),
        send: ({ delivery, address, locale, content }) =>
          dependencies.notifyChannel.send({
            id: delivery.id,
            to: address,
            kind: delivery.kind,
            params: { text: content.short },
            locale,
            text: content.short,
          }),
        isPermanent: (error) => error instanceof UndeliverableMessageError,
      },
      context,
      dependencies,
    ),
});
