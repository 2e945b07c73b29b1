import type { Config } from "../../../config/index.ts";

/**
 * Settings of the process that seeds a shop in one process. Deadlines of what it leaves open are long, so that
 * screens show it for weeks; money is due at once, so that there is a payout; orders that take most of the stock
 * expire in the meantime. A gateway on a port of its own takes the payment sandbox's notices.
 */
export const seedSettings = {
  HOST: "127.0.0.1",
  PORT: "0",
  INTERNAL_PORT: "",
  SWEEP_INTERVAL_SECONDS: "1",
  PAYMENT_WINDOW_MINUTES: String(30 * 24 * 60),
  SCARCE_PAYMENT_WINDOW_MINUTES: "1",
  RETURN_WINDOW_DAYS: "0",
  FOUR_EYES_FROM_MINOR: "",
  AFTER_SALE_ANSWER_HOURS: String(30 * 24),
  AFTER_SALE_ESCALATE_DAYS: "30",
  AFTER_SALE_DECIDE_DAYS: "30",
  AFTER_SALE_SEND_DAYS: "30",
  AFTER_SALE_RECEIVE_DAYS: "30",
  AFTER_SALE_REPLACE_DAYS: "30",
};

/**
 * What connects the shop to the world outside: accounts and orders of people who do not exist would send mail
 * there. Undefined: nothing.
 */
export function connectionOutside({ mail, notify, payments }: Config): string | undefined {
  if (mail.smtpUrl !== undefined) return "SMTP_URL";
  if (notify.gateway !== undefined || notify.action !== undefined) return "NOTIFY_URL or NOTIFY_ACTION";
  const real = payments.providers.find((name) => name !== "manual" && name !== "sandbox");
  return real === undefined ? undefined : `the payment provider ${real}`;
}
