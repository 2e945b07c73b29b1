import type { Database } from "../../../mixins/database/database.ts";
import { Batcher } from "../../../mixins/support/batcher.ts";
import type { ReservationOutcome, ReservationRepositories, ReservationRequest } from "./reserve-batch.ts";
import { ReservationConflict, reserveBatch } from "./reserve-batch.ts";

const maxOrders = 64;
const maxLines = 500;
const maxPending = 2000;
const origin = { actor: { kind: "system", id: "catalog.reservations" }, requestId: "reservations" } as const;

/**
 * Batches a node's reservations: requests that arrive during a transaction join the next one, so a contended
 * stock account is locked once for many orders.
 */
export class ReservationBatcher {
  readonly #batcher: Batcher<ReservationRequest, ReservationOutcome>;

  constructor(database: Database, dependencies: ReservationRepositories & { readonly leaseMs: number }) {
    const reserve = async (requests: readonly ReservationRequest[]) =>
      database.transaction(origin, (tx) => reserveBatch(requests, tx, dependencies));
    this.#batcher = new Batcher({
      flush: (requests) =>
        reserve(requests).catch((error: unknown) => {
          if (error instanceof ReservationConflict) return reserve(requests);
          throw error;
        }),
      work: ({ lines }) => lines.length,
      maxBatchSize: maxOrders,
      maxBatchWork: maxLines,
      maxPending,
    });
  }

  /**
   * @throws ShopError `unavailable` when the queue is full, `deadline-exceeded` when the deadline passes in
   *   the queue
   */
  async reserve(request: ReservationRequest): Promise<ReservationOutcome> {
    return this.#batcher.submit(request, request.deadline);
  }
}
