/** Stock figures of a variant. None is negative, and onHand + reserved + sold − returned = received. */
export interface StockLevels {
  /** Available to order. */
  readonly onHand: number;
  /** Held for checkouts and unpaid orders. */
  readonly reserved: number;
  readonly sold: number;
  readonly returned: number;
  /** Total received, less write-offs. */
  readonly received: number;
}

export interface StockAccount extends StockLevels {
  readonly variantId: string;
}

/** Effects of each kind of movement on the figures. The sum of the ledger is the account. */
const effects = {
  receive: { onHand: 1, received: 1 },
  adjust: { onHand: 1, received: 1 },
  reserve: { onHand: -1, reserved: 1 },
  release: { onHand: 1, reserved: -1 },
  sell: { reserved: -1, sold: 1 },
  return: { onHand: 1, returned: 1 },
} as const satisfies Record<string, Partial<Record<keyof StockLevels, 1 | -1>>>;

export type MovementKind = keyof typeof effects;

export const movementKinds = Object.keys(effects) as MovementKind[];

/** One row of the ledger; the quantity is signed for adjustments, positive for all others. */
export interface StockStep {
  readonly kind: MovementKind;
  readonly quantity: number;
}

/** Movement of one variant's stock: all steps or none. */
export interface StockMove {
  readonly variantId: string;
  readonly steps: readonly StockStep[];
}

export const emptyLevels: StockLevels = { onHand: 0, reserved: 0, sold: 0, returned: 0, received: 0 };

/** Sum of the steps. */
export function netChange(steps: readonly StockStep[]): StockLevels {
  return steps.reduce<StockLevels>((sum, { kind, quantity }) => {
    const effect: Partial<StockLevels> = effects[kind];
    const times = (level: keyof StockLevels) => sum[level] + (effect[level] ?? 0) * quantity;
    return {
      onHand: times("onHand"),
      reserved: times("reserved"),
      sold: times("sold"),
      returned: times("returned"),
      received: times("received"),
    };
  }, emptyLevels);
}

/** Change of availability: into stock (1), sold out (-1), or neither. */
export type AvailabilityChange = 1 | -1 | 0;

/** @param by change of the quantity on hand */
export function availabilityChange(before: number, by: number): AvailabilityChange {
  const [was, is] = [before > 0, before + by > 0];
  return was === is ? 0 : is ? 1 : -1;
}

/** The account before a change. */
export function beforeChange(account: StockAccount, change: StockLevels): StockAccount {
  return {
    variantId: account.variantId,
    onHand: account.onHand - change.onHand,
    reserved: account.reserved - change.reserved,
    sold: account.sold - change.sold,
    returned: account.returned - change.returned,
    received: account.received - change.received,
  };
}
