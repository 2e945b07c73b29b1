import type { Database } from "../../mixins/database/database.ts";
import type { ReservationRepositories } from "./catalog.dependencies.ts";
import { Mailbox } from "./mailbox.ts";
import type { ReservationOutcome, ReservationRequest } from "./reserve-together.ts";
import { ReservedMeanwhile, reserveTogether } from "./reserve-together.ts";

const mostOrders = 64;
const mostLines = 500;
const mostWaiting = 2000;
const origin = { actor: { kind: "system", id: "catalog.reservations" }, requestId: "reservations" } as const;

/**
 * Where a node's reservations meet. What arrives while a transaction runs goes into the next one, so that an account
 * that everyone wants is locked once for many orders.
 */
export class ReservationMailbox {
  readonly #mailbox: Mailbox<ReservationRequest, ReservationOutcome>;

  constructor(database: Database, dependencies: ReservationRepositories & { readonly leaseMs: number }) {
    const reserve = async (requests: readonly ReservationRequest[]) =>
      database.transaction(origin, (tx) => reserveTogether(requests, tx, dependencies));
    this.#mailbox = new Mailbox({
      answer: (requests) =>
        reserve(requests).catch((error: unknown) => {
          if (error instanceof ReservedMeanwhile) return reserve(requests);
          throw error;
        }),
      work: ({ lines }) => lines.length,
      mostTogether: mostOrders,
      mostWork: mostLines,
      mostWaiting,
    });
  }

  /** @throws ShopError `unavailable` when too many wait already, `deadline-exceeded` when its turn comes too late */
  async reserve(request: ReservationRequest): Promise<ReservationOutcome> {
    return this.#mailbox.ask(request, request.deadline);
  }
}
