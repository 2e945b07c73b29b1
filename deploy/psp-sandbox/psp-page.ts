import type { PspPayment, PspSetup } from "./psp-ledger.ts";
import { cards } from "./psp-requests.ts";

const wishes = {
  pays: "",
  declines: ", which is declined when charged",
  asks: ", which asks for you",
} as const;

/** The payment page for customers. It works without scripts. */
export function payPage(payment: PspPayment): string {
  const amount = `${(payment.amount / 100).toFixed(2)} ${payment.currency}`;
  const failureNote = payment.failure === null ? "" : `<p>${escaped(payment.failure)}.</p>`;
  const choice =
    payment.status === "succeeded"
      ? "<p>It is paid. You can close this page.</p>"
      : payment.status === "closed"
        ? "<p>It is closed and cannot be paid any more. You can close this page.</p>"
        : `${failureNote}<form method="post">
  <button name="outcome" value="succeeded">Pay ${amount}</button>
  <button name="outcome" value="failed">Give up</button>
</form>`;
  return page(
    `<p>No money moves here. ${escaped(payment.description)}: <strong>${amount}</strong></p>\n${choice}`,
  );
}

/** The page on which customers save a card. */
export function setupPage({ status, failure }: PspSetup): string {
  const buttons = Object.entries(cards).map(
    ([behaviour, { brand, lastFour }]) =>
      `  <button name="card" value="${behaviour}">Save ${brand} ${lastFour}${wishes[behaviour as keyof typeof wishes]}</button>`,
  );
  const failureNote = failure === null ? "" : `<p>${escaped(failure)}.</p>`;
  return page(
    status === "succeeded"
      ? "<p>The card is saved. You can close this page.</p>"
      : `${failureNote}<p>No card number is asked for here. Choose one to save:</p>
<form method="post">
${buttons.join("\n")}
  <button name="card" value="">Give up</button>
</form>`,
  );
}

function page(content: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Payment sandbox</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 30rem; margin: 3rem auto; padding: 0 1rem } button { font: inherit; padding: .5rem 1rem }</style>
<h1>Payment sandbox</h1>
${content}
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
