import { setTimeout as sleep } from "node:timers/promises";
import type { ActionName, Input } from "../../services/contract/calls.ts";
import { newId } from "../../services/contract/ids.ts";
import type { OperationOf } from "./history.ts";
import type { Person } from "./person.ts";
import type { Shelves } from "./shelves.ts";
import { administrator } from "./shop-under-chaos.ts";

const again = 1000;

/** The shop's staff, in one session. */
export class Office {
  readonly person: Person;
  #loggingIn: Promise<void> | undefined;

  constructor(person: Person) {
    this.person = person;
  }

  /** As `Person.want`, by staff, who log in again when their session has ended. */
  async want<N extends ActionName>(action: N, params: Input<N>, options: { once?: boolean } = {}): Promise<OperationOf<N>> {
    await this.loggedIn();
    const operation = await this.person.want(action, params, options);
    // Nothing was done then.
    if (operation.problem === "step-up-required") await this.person.want("users.step-up", { password: administrator.password });
    const isRefused = operation.problem === "unauthenticated" || operation.problem === "step-up-required";
    return isRefused ? this.want(action, params, options) : operation;
  }

  async loggedIn(): Promise<void> {
    while (!this.person.token)
      await (this.#loggingIn ??= this.#logIn().finally(() => (this.#loggingIn = undefined)));
  }

  async #logIn(): Promise<void> {
    const { answer } = await this.person.want("users.login", administrator);
    this.person.token = answer?.accessToken;
    if (!answer) await sleep(again);
  }
}

/** Deliveries, corrections and new prices, until the run is over. */
export async function keepShop(office: Office, shelves: Shelves, over: () => boolean): Promise<void> {
  const { person } = office;
  while (!over()) {
    await person.pause(1500);
    const variantId = person.oneOf(person.chance(0.7) ? shelves.hot : shelves.cold);
    const what = person.random();
    if (what < 0.7) await changeStock(office, variantId, "receive", 1 + Math.floor(person.random() * 8));
    else if (what < 0.85) await changeStock(office, variantId, "adjust", person.chance(0.5) ? 2 : -1);
    else await changePrice(office, person.oneOf(shelves.cold));
  }
}

/** Each with a reason of its own, by which the ledger is searched. */
async function changeStock(office: Office, variantId: string, kind: "receive" | "adjust", quantity: number): Promise<void> {
  await office.want("catalog.stock.change", { variantId, kind, quantity, reason: `chaos ${newId()}` });
}

async function changePrice(office: Office, id: string): Promise<void> {
  const { answer: variant } = await office.want("catalog.variants.get", { id });
  if (!variant) return;
  const priceMinor = 500 + Math.floor(office.person.random() * 2000);
  // Once: whoever does not know whether it was done would find the version that it made itself.
  await office.want("catalog.variants.update", { id, priceMinor, expectedVersion: variant.version }, { once: true });
}
