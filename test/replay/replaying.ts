import type { Accounts } from "./accounts.ts";
import type { Books } from "./books.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Purchases } from "./purchases.ts";
import type { Invoice } from "./read-invoices.ts";
import type { ShopClient, SignedIn } from "./shop-client.ts";
import { ShopProblem } from "./shop-client.ts";

/** Dependencies of replaying an invoice. */
export interface Replaying {
  readonly client: ShopClient;
  readonly accounts: Accounts;
  readonly staff: SignedIn;
  readonly catalogue: Catalogue;
  readonly purchases: Purchases;
  readonly books: Books;
  readonly runId: string;
}

/** Key of an invoice's customer. */
export function customerKey({ customer }: Invoice): string {
  return customer ?? "walk-in";
}

/** Marks this run's orders, independent of its own records. */
export function noteOf(runId: string, text: string): string {
  return `Replay ${runId}: ${text}`;
}

/** The shop's response does not match the request. */
export class Disagreement extends Error {
  override name = "Disagreement";
}

/** True when the error concerns one line, not the whole replay. */
export function isAboutLine(error: unknown): error is ShopProblem | Disagreement {
  return error instanceof ShopProblem || error instanceof Disagreement;
}
