import { UndeliverableError } from "../../../mixins/mail/smtp-transport.ts";
import { isOptional } from "../domain/kinds.ts";
import { writeToken } from "../domain/unsubscribe-token.ts";
import type { Delivery } from "../data/delivery-repository.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { NotificationsDependencies } from "../notifications.dependencies.ts";
import { job } from "../notifications.dependencies.ts";
import type { Outlet } from "../sending/send-deliveries.ts";
import { sendDeliveries } from "../sending/send-deliveries.ts";

/**
 * Sends mail. A mail is sent again, with the same Message-ID, only when a node ended between the mail server's
 * acceptance and the record of it, or the server's answer was lost.
 */
export const sendMail = job({
  name: "send-mail",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  run: (context, dependencies) => sendDeliveries(mailOutlet(context, dependencies), context, dependencies),
});

function mailOutlet({ transaction }: JobContext, dependencies: NotificationsDependencies): Outlet {
  const { mailTransport, settings, unsubscribeKeys } = dependencies;
  const domain = settings.from.slice(settings.from.indexOf("@") + 1);
  let key: Promise<Buffer> | undefined;
  const readKey = async () =>
    (await unsubscribeKeys.find()) ?? transaction((tx) => unsubscribeKeys.findOrMake(tx));
  return {
    channel: "mail",
    async unsubscribing({ kind, recipient }: Delivery) {
      if (!isOptional(kind) || recipient.customerId === null) return {};
      const { apiUrl, shopUrl } = settings;
      const token = writeToken(await (key ??= readKey()), { customerId: recipient.customerId, kind });
      return {
        pageUrl: shopUrl && `${shopUrl}/unsubscribe#token=${token}`,
        oneClickUrl: apiUrl && `${apiUrl}/api/v1/notifications/unsubscribe?token=${token}`,
      };
    },
    async send({ delivery, address, content, unsubscribing }) {
      const { subject, text, html } = content;
      await mailTransport.send({
        messageId: `<${delivery.id}@${domain}>`,
        from: settings.from,
        to: address,
        subject,
        text,
        html,
        unsubscribeUrl: unsubscribing.oneClickUrl,
      });
    },
    isPermanent: (error) => error instanceof UndeliverableError,
  };
}
