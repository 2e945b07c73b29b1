/** A variant's stock in numbers. None is negative, and onHand + reserved + sold − returned = received. */
export interface StockLevels {
  /** Free to be ordered. */
  readonly onHand: number;
  /** Held for checkouts and for orders that are not paid yet. */
  readonly reserved: number;
  readonly sold: number;
  readonly returned: number;
  /** All that came in, less what was written off. */
  readonly received: number;
}

export interface StockAccount extends StockLevels {
  readonly variantId: string;
}

/** Where each kind of movement takes its quantity from and puts it. The ledger's rows, added up, give the account. */
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

/** What happens to one variant's stock at a time: all steps or none. */
export interface StockMove {
  readonly variantId: string;
  readonly steps: readonly StockStep[];
}

export const emptyLevels: StockLevels = { onHand: 0, reserved: 0, sold: 0, returned: 0, received: 0 };

/** What the steps come to, taken together. */
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

/** The account as it was before the change that led to it. */
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
