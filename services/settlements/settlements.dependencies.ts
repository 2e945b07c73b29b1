import { consumersOf } from "../../mixins/events/consumer.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { LedgerRepository } from "./data/ledger-repository.ts";
import { PayoutRepository } from "./data/payout-repository.ts";
import { SaleRepository } from "./data/sale-repository.ts";
import { TermsRepository } from "./data/terms-repository.ts";
import type { DiscountBearer } from "./domain/commission.ts";

/** Dependencies of this service's handlers. */
export interface SettlementsDependencies {
  readonly ledger: LedgerRepository;
  readonly sales: SaleRepository;
  readonly payouts: PayoutRepository;
  readonly terms: TermsRepository;
  /** The shop's currency. */
  readonly currency: string;
  readonly discountBearer: DiscountBearer;
  /** Time from the receipt of goods until their money is due, in milliseconds. */
  readonly returnWindowMs: number;
}

export function settlementsDependencies({ config, database }: ServiceEnvironment): SettlementsDependencies {
  return {
    ledger: new LedgerRepository(database),
    sales: new SaleRepository(database),
    payouts: new PayoutRepository(database),
    terms: new TermsRepository(database),
    currency: config.pricing.currency,
    ...config.settlement,
  };
}

export const action = actionsOf<SettlementsDependencies>();
export const on = consumersOf<SettlementsDependencies>();
export const job = jobsOf<SettlementsDependencies>();
