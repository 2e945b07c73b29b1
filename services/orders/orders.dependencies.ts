import type { PricingConfig, SellerConfig } from "../../config/index.ts";
import { consumersOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-action.ts";
import { CheckoutRepository } from "./data/checkout-repository.ts";
import { CouponRepository } from "./data/coupon-repository.ts";
import { DeletedCustomerRepository } from "./data/deleted-customer-repository.ts";
import { IdempotencyKeyRepository } from "./data/idempotency-key-repository.ts";
import { OrderRepository } from "./data/order-repository.ts";
import { PaymentNoticeRepository } from "./data/payment-notice-repository.ts";
import { PaymentRepository } from "./data/payment-repository.ts";
import { RedemptionRepository } from "./data/redemption-repository.ts";
import { RefundRepository } from "./data/refund-repository.ts";
import { ReturnRepository } from "./data/return-repository.ts";
import { ShipmentRepository } from "./data/shipment-repository.ts";
import { TimelineRepository } from "./data/timeline-repository.ts";
import { PaymentProviders } from "./payments/payment-providers.ts";

/** What the handlers of this service work with. Durations are milliseconds. */
export interface OrdersDependencies {
  readonly orders: OrderRepository;
  readonly checkouts: CheckoutRepository;
  readonly payments: PaymentRepository;
  readonly refunds: RefundRepository;
  readonly notices: PaymentNoticeRepository;
  readonly providers: PaymentProviders;
  readonly returns: ReturnRepository;
  readonly shipments: ShipmentRepository;
  readonly timeline: TimelineRepository;
  readonly coupons: CouponRepository;
  readonly redemptions: RedemptionRepository;
  readonly keys: IdempotencyKeyRepository;
  readonly deletedCustomers: DeletedCustomerRepository;
  readonly pricing: PricingConfig;
  readonly seller: SellerConfig;
  /** How long a checkout belongs to the request that claimed it. */
  readonly claimMs: number;
  readonly paymentWindowMs: number;
  readonly idempotencyRetentionMs: number;
}

export async function ordersDependencies({ config, database }: ServiceEnvironment): Promise<OrdersDependencies> {
  const { reservationLeaseMs, paymentWindowMs, idempotencyRetentionMs } = config.checkout;
  return {
    orders: new OrderRepository(database),
    checkouts: new CheckoutRepository(database),
    payments: new PaymentRepository(database),
    refunds: new RefundRepository(database),
    notices: new PaymentNoticeRepository(database),
    providers: await PaymentProviders.open(config.payments, config.nodeId),
    returns: new ReturnRepository(database),
    shipments: new ShipmentRepository(database),
    timeline: new TimelineRepository(database),
    coupons: new CouponRepository(database),
    redemptions: new RedemptionRepository(database),
    keys: new IdempotencyKeyRepository(database),
    deletedCustomers: new DeletedCustomerRepository(database),
    pricing: config.pricing,
    seller: config.seller,
    // So that whoever takes over a checkout still finds its stock reserved.
    claimMs: Math.floor(reservationLeaseMs / 2),
    paymentWindowMs,
    idempotencyRetentionMs,
  };
}

export const action = actionsOf<OrdersDependencies>();
export const on = consumersOf<OrdersDependencies>();
export const job = jobsOf<OrdersDependencies>();
