import { setTimeout as sleep } from "node:timers/promises";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { OperationOf } from "./history.ts";
import type { ShopClient } from "./person.ts";

export interface Account {
  readonly email: string;
  readonly password: string;
}

const loginRetryMs = 1000;
const preparationMs = 60_000;
const preparationRetryMs = 500;

/** Someone who works for the shop or for a merchant, in one session. */
export class Employee {
  readonly person: ShopClient;
  readonly #account: Account;
  #loggingIn: Promise<void> | undefined;

  constructor(person: ShopClient, account: Account) {
    this.person = person;
    this.#account = account;
  }

  /** As `ShopClient.request`; logs in again after the session's end, and re-authenticates where needed. */
  async request<N extends ActionName>(
    action: N,
    params: Input<N>,
    options: { once?: boolean } = {},
  ): Promise<OperationOf<N>> {
    await this.loggedIn();
    const operation = await this.person.request(action, params, options);
    // It had no effect.
    if (operation.problem === "step-up-required")
      await this.person.request("users.step-up", { password: this.#account.password });
    const isRefused = operation.problem === "unauthenticated" || operation.problem === "step-up-required";
    return isRefused ? this.request(action, params, options) : operation;
  }

  async loggedIn(): Promise<void> {
    while (!this.person.token)
      await (this.#loggingIn ??= this.#logIn().finally(() => (this.#loggingIn = undefined)));
  }

  async #logIn(): Promise<void> {
    const { answer } = await this.person.request("users.login", this.#account);
    this.person.token = answer?.accessToken;
    if (!answer) await sleep(loginRetryMs);
  }
}

/**
 * Repeats a request before the first fault until it is granted: a busy machine may refuse it, and other services may
 * not know yet what it needs.
 *
 * @throws Error when it is not granted in time
 */
export async function prepared<N extends ActionName>(
  request: () => Promise<OperationOf<N>>,
): Promise<Result<N>> {
  const deadline = Date.now() + preparationMs;
  for (;;) {
    const { action, answer, outcome, problem } = await request();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${action} cannot be prepared: ${problem ?? outcome}`);
    await sleep(preparationRetryMs);
  }
}
