import type { Accounts } from "./accounts.ts";
import type { Books } from "./books.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Purchases } from "./purchases.ts";
import type { Invoice } from "./read-invoices.ts";
import type { ShopClient, SignedIn } from "./shop-client.ts";
import { ShopProblem } from "./shop-client.ts";

/** What the replay of an invoice works with. */
export interface Replaying {
  readonly client: ShopClient;
  readonly accounts: Accounts;
  readonly staff: SignedIn;
  readonly catalogue: Catalogue;
  readonly purchases: Purchases;
  readonly books: Books;
  readonly runId: string;
}

/** What the customer of an invoice is remembered as. */
export function customerKey({ customer }: Invoice): string {
  return customer ?? "walk-in";
}

/** By this it is told which orders are this run's, whatever the run itself knows of them. */
export function noteOf(runId: string, text: string): string {
  return `Replay ${runId}: ${text}`;
}

/** The shop answered, and what it said is not what was asked for. */
export class Disagreement extends Error {
  override name = "Disagreement";
}

/** Whether this fails a line, and not the whole replay. */
export function isAboutLine(error: unknown): error is ShopProblem | Disagreement {
  return error instanceof ShopProblem || error instanceof Disagreement;
}
