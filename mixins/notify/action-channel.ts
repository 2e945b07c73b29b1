import type { ServiceBroker } from "moleculer";
import { isShopError } from "../contract/errors.ts";
import type { NotifyChannel, OutgoingMessage } from "./notify-channel.ts";
import { UndeliverableMessageError } from "./notify-channel.ts";

const timeoutMs = 10_000;

/** Hands messages to an action of an installed service, such as an extension for one gateway. */
export class ActionChannel implements NotifyChannel {
  readonly #broker: ServiceBroker;
  readonly #action: string;

  constructor(broker: ServiceBroker, action: string) {
    this.#broker = broker;
    this.#action = action;
  }

  async send(message: OutgoingMessage): Promise<void> {
    const caller = { kind: "system", name: "notify" } as const;
    try {
      await this.#broker.call(this.#action, { ...message }, { timeout: timeoutMs, meta: { caller } });
    } catch (error) {
      if (isRejected(error)) throw new UndeliverableMessageError((error as Error).message);
      throw error;
    }
  }
}

/** By the service's own check of the message. */
function isRejected(error: unknown): boolean {
  return isShopError(error, "validation-failed") || (error as { code?: unknown }).code === 422;
}
