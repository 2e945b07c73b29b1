import { newId } from "../../services/contract/ids.ts";
import type { Person } from "./person.ts";
import type { Shelves } from "./shelves.ts";

const password = "a long and private sentence";

/** A customer with an account: registered once, logged in as often as needed. */
export class Customer {
  readonly person: Person;
  readonly #email = `${newId()}@example.com`;
  #registered = false;
  #refreshToken: string | undefined;

  constructor(person: Person) {
    this.person = person;
  }

  /**
   * Sees to it that the customer is logged in. Now and then they filled a guest's cart before.
   *
   * @returns whether it worked; in a shop in trouble it may not
   */
  async signedIn(shelves: Shelves): Promise<boolean> {
    const { person } = this;
    if (person.token) return true;
    if (!this.#registered) {
      const { outcome } = await person.want("users.register", { email: this.#email, password, name: person.name });
      this.#registered = outcome === "ok";
      if (!this.#registered) return false;
    }
    return (this.#refreshToken !== undefined && (await this.#refresh(this.#refreshToken))) || this.#logIn(shelves);
  }

  async signOut(): Promise<void> {
    await this.person.want("users.logout", {});
    this.person.token = undefined;
    this.#refreshToken = undefined;
  }

  async #logIn(shelves: Shelves): Promise<boolean> {
    const guestCart = this.person.chance(0.3) ? await this.#guestCart(shelves) : undefined;
    const { answer } = await this.person.want("users.login", { email: this.#email, password, guestCart });
    this.person.token = answer?.accessToken;
    this.#refreshToken = answer?.refreshToken;
    return answer !== undefined;
  }

  async #refresh(refreshToken: string): Promise<boolean> {
    this.#refreshToken = undefined;
    const { answer } = await this.person.want("users.refresh", { refreshToken });
    this.person.token = answer?.accessToken;
    this.#refreshToken = answer?.refreshToken;
    return answer !== undefined;
  }

  /** @returns undefined when not everything went well: then nobody knows what is in it */
  async #guestCart({ hot, cold }: Shelves) {
    const { person } = this;
    const { answer: cart } = await person.want("cart.create", {});
    if (!cart?.token) return undefined;
    const access = { id: cart.id, cartToken: cart.token };
    const expected = new Map<string, number>();
    for (const variantId of [person.oneOf(hot), person.oneOf(cold), person.oneOf(hot)]) {
      const added = await person.want("cart.items.add", { ...access, variantId, quantity: 2 });
      if (added.outcome !== "ok") return undefined;
      expected.set(variantId, (expected.get(variantId) ?? 0) + 2);
    }
    const { answer: seen, number } = await person.want("cart.get", access);
    if (!seen) return undefined;
    const found = new Map(seen.items.map((item) => [item.variantId, item.quantity]));
    if (found.size !== expected.size || [...expected].some(([variantId, quantity]) => found.get(variantId) !== quantity))
      person.history.finding(`#${number} cart ${cart.id} holds ${JSON.stringify([...found])}, not ${JSON.stringify([...expected])}`);
    return { id: cart.id, token: cart.token };
  }
}
