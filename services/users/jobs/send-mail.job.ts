import { UndeliverableError } from "../../../mixins/mail/smtp-transport.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { RequestedMail } from "../data/mail-repository.ts";
import { nextAttempt } from "../domain/mail-schedule.ts";
import { writeLetter } from "../mail/write-letter.ts";
import type { UsersDependencies } from "../users.dependencies.ts";
import { job } from "../users.dependencies.ts";

/** Number of concurrent sends. */
const batch = 8;
/** Longer than a send can take: after a crash, the mail is retried then. */
const leaseMs = 90_000;

/**
 * Sends requested mails at least once: after a crash behind the mail server's acceptance, a mail is sent
 * again with the same Message-ID.
 */
export const sendMail = job({
  name: "send-mail",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  triggeredBy: ["users.mail-requested"],
  async run(context, dependencies) {
    let claimed: readonly RequestedMail[];
    do {
      claimed = await context.transaction((tx) => dependencies.mails.claim(Date.now(), leaseMs, batch, tx));
      await Promise.all(claimed.map((mail) => send(mail, context, dependencies)));
    } while (claimed.length === batch);
  },
});

async function send(
  mail: RequestedMail,
  { transaction, log }: JobContext,
  dependencies: UsersDependencies,
): Promise<void> {
  const { mails, mailTransport, mailSettings } = dependencies;
  const written = await transaction(async (tx) => {
    const letter = await writeLetter(mail, Date.now(), tx, dependencies);
    if (!letter) await mails.end(mail.id, "dropped", null, tx);
    return letter;
  });
  if (!written) return;
  const { from } = mailSettings;
  const messageId = `<${mail.id}@${from.slice(from.indexOf("@") + 1)}>`;
  try {
    await mailTransport.send({ messageId, from, to: mail.recipient, ...written.letter });
  } catch (error) {
    const { message } = error as Error;
    const now = Date.now();
    const dueAt =
      error instanceof UndeliverableError ? undefined : nextAttempt(mail.attempts + 1, mail.createdAt, now);
    const outcome =
      dueAt === undefined ? "given up" : `next attempt in ${Math.round((dueAt - now) / 1000)} s`;
    log.warn(`sending mail ${mail.kind} ${mail.id} failed (${message}): ${outcome}`);
    await transaction(async (tx) =>
      dueAt === undefined
        ? mails.end(mail.id, "failed", message, tx)
        : mails.postpone(mail.id, dueAt, message, tx),
    );
    return;
  }
  await transaction(async (tx) => {
    await mails.end(mail.id, "sent", null, tx);
    tx.publish("users.mail-sent", { mailId: mail.id, kind: mail.kind, userId: written.userId });
  });
}
