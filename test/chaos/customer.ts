import { newId } from "../../mixins/contract/ids.ts";
import type { ShopClient } from "./person.ts";
import type { ChaosCatalogue } from "./shelves.ts";

const password = "a long and private sentence";

/** A customer with an account: registered once, logged in on demand. */
export class Customer {
  readonly person: ShopClient;
  readonly #email = `${newId()}@example.com`;
  #registered = false;
  #refreshToken: string | undefined;

  constructor(person: ShopClient) {
    this.person = person;
  }

  /**
   * Ensures that the customer is logged in, sometimes with a filled guest cart.
   *
   * @returns false when it failed, as it may during faults
   */
  async signedIn(catalogue: ChaosCatalogue): Promise<boolean> {
    const { person } = this;
    if (person.token) return true;
    if (!this.#registered) {
      const { outcome } = await person.request("users.register", {
        email: this.#email,
        password,
        name: person.name,
      });
      this.#registered = outcome === "ok";
      if (!this.#registered) return false;
    }
    return (
      (this.#refreshToken !== undefined && (await this.#refresh(this.#refreshToken))) ||
      this.#logIn(catalogue)
    );
  }

  async signOut(): Promise<void> {
    await this.person.request("users.logout", {});
    this.person.token = undefined;
    this.#refreshToken = undefined;
  }

  async #logIn(catalogue: ChaosCatalogue): Promise<boolean> {
    const guestCart = this.person.chance(0.3) ? await this.#guestCart(catalogue) : undefined;
    const { answer } = await this.person.request("users.login", { email: this.#email, password, guestCart });
    this.person.token = answer?.accessToken;
    this.#refreshToken = answer?.refreshToken;
    return answer !== undefined;
  }

  async #refresh(refreshToken: string): Promise<boolean> {
    this.#refreshToken = undefined;
    const { answer } = await this.person.request("users.refresh", { refreshToken });
    this.person.token = answer?.accessToken;
    this.#refreshToken = answer?.refreshToken;
    return answer !== undefined;
  }

  /** @returns undefined on any failure, after which its contents are unknown */
  async #guestCart({ hot, cold }: ChaosCatalogue) {
    const { person } = this;
    const { answer: cart } = await person.request("cart.create", {});
    if (!cart?.token) return undefined;
    const access = { id: cart.id, cartToken: cart.token };
    const expected = new Map<string, number>();
    for (const variantId of [person.oneOf(hot), person.oneOf(cold), person.oneOf(hot)]) {
      const added = await person.request("cart.items.add", { ...access, variantId, quantity: 2 });
      if (added.outcome !== "ok") return undefined;
      expected.set(variantId, (expected.get(variantId) ?? 0) + 2);
    }
    const { answer: seen, number } = await person.request("cart.get", access);
    if (!seen) return undefined;
    const found = new Map(seen.items.map((item) => [item.variantId, item.quantity]));
    if (
      found.size !== expected.size ||
      [...expected].some(([variantId, quantity]) => found.get(variantId) !== quantity)
    )
      person.history.finding(
        `#${number} cart ${cart.id} holds ${JSON.stringify([...found])}, not ${JSON.stringify([...expected])}`,
      );
    return { id: cart.id, token: cart.token };
  }
}
