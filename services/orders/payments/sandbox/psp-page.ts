import type { PspPayment } from "./psp-book.ts";

/** The page on which a customer pays, or does not. It works without scripts. */
export function payPage(payment: PspPayment): string {
  const amount = `${(payment.amount / 100).toFixed(2)} ${payment.currency}`;
  const told = payment.failure === null ? "" : `<p>${escaped(payment.failure)}.</p>`;
  const choice =
    payment.status === "succeeded"
      ? "<p>It is paid. You can close this page.</p>"
      : `${told}<form method="post">
  <button name="outcome" value="succeeded">Pay ${amount}</button>
  <button name="outcome" value="failed">Give up</button>
</form>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Payment sandbox</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 30rem; margin: 3rem auto; padding: 0 1rem } button { font: inherit; padding: .5rem 1rem }</style>
<h1>Payment sandbox</h1>
<p>No money moves here. ${escaped(payment.description)}: <strong>${amount}</strong></p>
${choice}
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
