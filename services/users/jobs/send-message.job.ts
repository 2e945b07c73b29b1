import type { OutgoingMessage } from "../../../mixins/notify/notify-channel.ts";
import { UndeliverableMessageError } from "../../../mixins/notify/notify-channel.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { RequestedMessage } from "../data/message-repository.ts";
import type { User } from "../data/user-repository.ts";
import { dailyBudget } from "../domain/code-limits.ts";
import { messageText } from "../domain/message-kinds.ts";
import { nextMessageAttempt } from "../domain/message-schedule.ts";
import { codeMs } from "../domain/phone-codes.ts";
import { mayLogInByCode } from "../may-log-in-by-code.ts";
import { codeOf } from "../request-code.ts";
import type { UsersDependencies } from "../users.dependencies.ts";
import { job } from "../users.dependencies.ts";

/** Number of concurrent sends. */
const batch = 8;
/** Longer than a send can take: after a crash, the message is retried then. */
const leaseMs = 60_000;

/**
 * Sends requested messages at least once, until their code expires: after a crash behind the gateway's
 * acceptance, the same message is sent again under the same id.
 */
export const sendMessage = job({
  name: "send-message",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  triggeredBy: ["users.message-requested"],
  async run(context, dependencies) {
    let claimed: readonly RequestedMessage[];
    do {
      claimed = await context.transaction((tx) =>
        dependencies.messages.claim(Date.now(), leaseMs, batch, tx),
      );
      await Promise.all(claimed.map((message) => send(message, context, dependencies)));
    } while (claimed.length === batch);
  },
});

async function send(
  message: RequestedMessage,
  { transaction, log }: JobContext,
  dependencies: UsersDependencies,
): Promise<void> {
  const { messages, notifyChannel } = dependencies;
  const { id, kind, expiresAt } = message;
  const written = await transaction(async (tx) => {
    const recipient = await recipientOf(message, tx, dependencies);
    if (recipient && (await withinBudget(message, tx, dependencies)))
      return { outgoing: outgoing(message, recipient, dependencies), userId: recipient.id };
    const reason = recipient ? "PHONE_CODES_PER_DAY is reached" : null;
    if (reason) log.warn(`message ${kind} ${id} is not sent: ${reason}`);
    await messages.end(id, reason ? "failed" : "dropped", reason, tx);
    return undefined;
  });
  if (!written) return;
  try {
    await notifyChannel.send(written.outgoing);
  } catch (error) {
    const { message: reason } = error as Error;
    const now = Date.now();
    const dueAt =
      error instanceof UndeliverableMessageError
        ? undefined
        : nextMessageAttempt(message.attempts + 1, expiresAt, now);
    const outcome =
      dueAt === undefined ? "given up" : `next attempt in ${Math.round((dueAt - now) / 1000)} s`;
    log.warn(`sending message ${kind} ${id} failed (${reason}): ${outcome}`);
    await transaction(async (tx) =>
      dueAt === undefined ? messages.end(id, "failed", reason, tx) : messages.postpone(id, dueAt, reason, tx),
    );
    return;
  }
  await transaction(async (tx) => {
    await messages.end(id, "sent", null, tx);
    tx.publish("users.message-sent", { messageId: id, kind, userId: written.userId });
  });
}

/** The account that a message is for; undefined when nothing is to be sent. */
async function recipientOf(
  { userId, recipient, expiresAt }: RequestedMessage,
  tx: Tx,
  dependencies: UsersDependencies,
): Promise<User | undefined> {
  const { users } = dependencies;
  if (expiresAt <= Date.now()) return undefined;
  if (userId === null) {
    const user = await users.byPhone(recipient, tx);
    return (await mayLogInByCode(user, dependencies, tx)) ? user : undefined;
  }
  const user = await users.byId(userId, tx);
  return user?.status === "active" ? user : undefined;
}

/** Counts a message once, at its first attempt. */
async function withinBudget(
  { attempts }: RequestedMessage,
  tx: Tx,
  { phoneCodes, notifySettings }: UsersDependencies,
): Promise<boolean> {
  return attempts > 0 || phoneCodes.count(dailyBudget(notifySettings.codesPerDay), Date.now(), tx);
}

function outgoing(
  { id, kind, recipient, sealedCode }: RequestedMessage,
  user: User,
  { secretBox, shop, locales }: UsersDependencies,
): OutgoingMessage {
  const code = secretBox.open(sealedCode, codeOf(id));
  const params = { code, minutes: String(codeMs / 60_000), shop };
  const locale = user.locale ?? locales.default;
  return { id, to: recipient, kind, params, locale, text: messageText(kind, params) };
}
