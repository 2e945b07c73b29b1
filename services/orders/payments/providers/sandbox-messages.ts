import { z } from "zod";

export const startedPayment = z.object({ id: z.string(), url: z.string() });
export const keptMethod = z.object({
  id: z.string().max(255),
  brand: z.string(),
  lastFour: z.string().length(4),
  expiryMonth: z.int(),
  expiryYear: z.int(),
});
export const setupState = z.object({
  status: z.enum(["pending", "succeeded"]),
  failure: z.string().nullable(),
  method: keptMethod.nullable(),
});
export const keptMethods = z.object({ methods: z.array(keptMethod) });
export const charged = z.object({
  id: z.string(),
  status: z.enum(["pending", "succeeded", "failed"]),
  failure: z.string().nullable(),
  code: z.string().nullable(),
  amount: z.int(),
  currency: z.string(),
  url: z.string(),
});
export const foundPayment = z.object({
  id: z.string(),
  status: z.enum(["pending", "succeeded", "failed", "closed"]),
  failure: z.string().nullable(),
  amount: z.int(),
  currency: z.string(),
});
export const paymentEvents = {
  "payment.succeeded": "succeeded",
  "payment.failed": "failed",
  "payment.closed": "closed",
} as const;
export const givenRefund = z.object({
  id: z.string(),
  status: z.enum(["succeeded", "failed"]),
  failure: z.string().nullable(),
});
export const refused = z.object({ error: z.object({ message: z.string() }) });
export const notice = z.object({ id: z.string().max(255), type: z.string().max(60), data: z.unknown() });
export const subject = z.object({
  id: z.string().max(255),
  reference: z.string(),
  failure: z.string().nullable(),
});
export const setup = z.object({ id: z.string().max(255), reference: z.string() });
export const payment = z.object({
  ...subject.shape,
  amount: z.int(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});

/** @throws SyntaxError for another format */
export function readAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (!read.success) throw new SyntaxError("the webhook has an unknown format");
  return read.data;
}
