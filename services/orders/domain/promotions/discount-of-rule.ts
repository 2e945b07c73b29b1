import { allocate, proportionOf } from "../../../../mixins/support/rounding.ts";
import type { Rule, RuleAction } from "./rule.ts";
import { tierOf } from "./rule.ts";

/** A line as a rule finds it. Minor units. */
export interface OpenLine {
  readonly quantity: number;
  readonly unitPrice: number;
  /** What earlier rules left of its value. */
  readonly left: number;
}

/** Discounts of the lines that a rule reaches, in their order: whole minor units, at most what is left of each. */
export function discountsOfRule(
  { action, perOrderMinor }: Rule,
  lines: readonly OpenLine[],
): readonly number[] {
  const wanted = uncapped(action, lines);
  const whole = sum(wanted);
  return perOrderMinor === null || whole <= perOrderMinor ? wanted : allocate(perOrderMinor, wanted);
}

function uncapped(action: RuleAction, lines: readonly OpenLine[]): readonly number[] {
  switch (action.kind) {
    case "percent":
      return share(action.basisPoints, lines);
    case "amount":
      return spread(action.amountMinor, lines);
    case "spend": {
      const tiers = action.tiers.map(({ fromMinor, offMinor }) => ({ from: fromMinor, benefit: offMinor }));
      return spread(tierOf(tiers, sum(lines.map(valueOf))) ?? 0, lines);
    }
    case "quantity": {
      const tiers = action.tiers.map(({ from, basisPoints }) => ({ from, benefit: basisPoints }));
      return share(tierOf(tiers, sum(lines.map(({ quantity }) => quantity))) ?? 0, lines);
    }
    case "buy-get": {
      const pieces = sum(lines.map(({ quantity }) => quantity));
      const { buy, get, basisPoints } = action;
      return offCheapest(Math.floor(pieces / (buy + get)) * get, basisPoints, lines);
    }
    case "cheapest":
      return offCheapest(action.pieces, action.basisPoints, lines);
    case "price":
      return lines.map((line) =>
        Math.min(line.left, Math.max(0, line.unitPrice - action.unitPriceMinor) * line.quantity),
      );
    case "price-percent":
      return lines.map((line) =>
        Math.min(line.left, proportionOf(line.unitPrice, action.basisPoints, 10_000) * line.quantity),
      );
    case "free-shipping":
      return lines.map(() => 0);
  }
}

/** A percentage of what is left, rounded half up once, allocated in proportion. */
function share(basisPoints: number, lines: readonly OpenLine[]): readonly number[] {
  const left = lines.map((line) => line.left);
  return allocate(proportionOf(sum(left), basisPoints, 10_000), left);
}

function spread(amount: number, lines: readonly OpenLine[]): readonly number[] {
  const left = lines.map((line) => line.left);
  return allocate(Math.min(amount, sum(left)), left);
}

/** Off the cheapest pieces, by list price; of pieces at one price, the first lines' come first. */
function offCheapest(pieces: number, basisPoints: number, lines: readonly OpenLine[]): readonly number[] {
  const cheapestFirst = [...lines.keys()].toSorted(
    (one, other) => (lines[one]?.unitPrice ?? 0) - (lines[other]?.unitPrice ?? 0) || one - other,
  );
  const discounts = lines.map(() => 0);
  let open = pieces;
  for (const index of cheapestFirst) {
    const line = lines[index];
    if (!line || open === 0) break;
    const taken = Math.min(open, line.quantity);
    open -= taken;
    // Of what is left of the line, so that a piece is never dearer than it is sold.
    discounts[index] = proportionOf(proportionOf(line.left, taken, line.quantity), basisPoints, 10_000);
  }
  return discounts;
}

const valueOf = ({ quantity, unitPrice }: OpenLine) => quantity * unitPrice;

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
