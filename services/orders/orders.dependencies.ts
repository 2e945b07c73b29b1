import type { MoneyConfig, PricingConfig, SellerConfig, UnpaidLimits } from "../../config/index.ts";
import { consumersOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { AfterSaleRefundRepository } from "./data/after-sale-refund-repository.ts";
import { ApprovalRepository } from "./data/approval-repository.ts";
import { CheckoutRepository } from "./data/checkout-repository.ts";
import { ClaimRepository } from "./data/claim-repository.ts";
import { CouponRepository } from "./data/coupon-repository.ts";
import { DeletedCustomerRepository } from "./data/deleted-customer-repository.ts";
import { GuestRepository } from "./data/guest-repository.ts";
import { IdempotencyKeyRepository } from "./data/idempotency-key-repository.ts";
import { MoneyDayRepository } from "./data/money-day-repository.ts";
import { OrderRepository } from "./data/order-repository.ts";
import { PartRepository } from "./data/part-repository.ts";
import { PayerRepository } from "./data/payer-repository.ts";
import { PaymentMethodRepository } from "./data/payment-method-repository.ts";
import { PaymentNoticeRepository } from "./data/payment-notice-repository.ts";
import { PaymentRepository } from "./data/payment-repository.ts";
import { PaymentSetupRepository } from "./data/payment-setup-repository.ts";
import { ReceiptRepository } from "./data/receipt-repository.ts";
import { RedemptionRepository } from "./data/redemption-repository.ts";
import { RenditionRepository } from "./data/rendition-repository.ts";
import { RefundRepository } from "./data/refund-repository.ts";
import { ReturnRepository } from "./data/return-repository.ts";
import { SalesRepository } from "./data/sales-repository.ts";
import { ShipmentRepository } from "./data/shipment-repository.ts";
import { TimelineRepository } from "./data/timeline-repository.ts";
import { PaymentProviders } from "./payments/open-providers.ts";

/** Dependencies of this service's handlers. Durations are milliseconds. */
export interface OrdersDependencies {
  readonly orders: OrderRepository;
  readonly parts: PartRepository;
  readonly receipts: ReceiptRepository;
  readonly checkouts: CheckoutRepository;
  readonly guests: GuestRepository;
  readonly payments: PaymentRepository;
  readonly refunds: RefundRepository;
  readonly notices: PaymentNoticeRepository;
  readonly payers: PayerRepository;
  readonly methods: PaymentMethodRepository;
  readonly setups: PaymentSetupRepository;
  readonly providers: PaymentProviders;
  readonly returns: ReturnRepository;
  readonly sales: SalesRepository;
  readonly shipments: ShipmentRepository;
  readonly renditions: RenditionRepository;
  readonly timeline: TimelineRepository;
  readonly coupons: CouponRepository;
  readonly redemptions: RedemptionRepository;
  readonly claims: ClaimRepository;
  readonly keys: IdempotencyKeyRepository;
  readonly deletedCustomers: DeletedCustomerRepository;
  readonly approvals: ApprovalRepository;
  readonly moneyDays: MoneyDayRepository;
  readonly afterSaleRefunds: AfterSaleRefundRepository;
  /** Limits of money movements by staff. */
  readonly money: MoneyConfig;
  readonly pricing: PricingConfig;
  readonly seller: SellerConfig;
  /** Duration of a checkout's claim. */
  readonly claimMs: number;
  readonly paymentWindowMs: number;
  /** The same for scarce stock. */
  readonly scarcePaymentWindowMs: number;
  /** Limits of unpaid orders. */
  readonly unpaid: UnpaidLimits;
  readonly idempotencyRetentionMs: number;
  /** Regular pause between queries for an open payment. */
  readonly paymentQueryMs: number;
  /** Time from delivery, or from shipping, until receipt is confirmed by itself. */
  readonly confirmReceiptMs: number;
  /** The shop has a service for reviews. */
  readonly hasReviews: boolean;
}

export async function ordersDependencies({
  broker,
  config,
  database,
}: ServiceEnvironment): Promise<OrdersDependencies> {
  const { reservationLeaseMs, ...terms } = config.checkout;
  return {
    orders: new OrderRepository(database),
    parts: new PartRepository(database),
    receipts: new ReceiptRepository(database),
    checkouts: new CheckoutRepository(database),
    guests: new GuestRepository(database),
    payments: new PaymentRepository(database),
    refunds: new RefundRepository(database),
    notices: new PaymentNoticeRepository(database),
    payers: new PayerRepository(database),
    methods: new PaymentMethodRepository(database),
    setups: new PaymentSetupRepository(database),
    providers: await PaymentProviders.open(config, broker),
    returns: new ReturnRepository(database),
    sales: new SalesRepository(database),
    shipments: new ShipmentRepository(database),
    renditions: new RenditionRepository(database),
    timeline: new TimelineRepository(database),
    coupons: new CouponRepository(database),
    redemptions: new RedemptionRepository(database),
    claims: new ClaimRepository(database),
    keys: new IdempotencyKeyRepository(database),
    deletedCustomers: new DeletedCustomerRepository(database),
    approvals: new ApprovalRepository(database),
    moneyDays: new MoneyDayRepository(database),
    afterSaleRefunds: new AfterSaleRefundRepository(database),
    paymentQueryMs: config.payments.queryMs,
    money: config.money,
    pricing: config.pricing,
    seller: config.seller,
    // Half the lease, so that a request that takes over finds its stock still reserved.
    claimMs: Math.floor(reservationLeaseMs / 2),
    hasReviews: config.installed.some(({ name }) => name === "reviews"),
    ...terms,
  };
}

export const action = actionsOf<OrdersDependencies>();
export const on = consumersOf<OrdersDependencies>();
export const job = jobsOf<OrdersDependencies>();
