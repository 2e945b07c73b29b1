export type Fields = Record<string, string>;
export type Thing = Record<string, unknown> & { readonly id: string };
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Stripe's requests about payment intents that exist; undefined for other requests. */
export function intentAnswer(asked: string, fields: Fields, intents: readonly Thing[]): Answer | undefined {
  if (asked === "GET /v1/payment_intents/search") {
    const [, wanted] = /^metadata\['payment'\]:'([\w-]+)'$/.exec(fields["query"] ?? "") ?? [];
    const data = intents.filter(({ metadata }) => (metadata as Record<string, string>)["payment"] === wanted);
    return { status: 200, body: { object: "search_result", data, has_more: false, url: "" } };
  }
  const [, method, id, isCancel] = /^(GET|POST) \/v1\/payment_intents\/(\w+)(\/cancel)?$/.exec(asked) ?? [];
  if (id === undefined) return undefined;
  const intent = intents.find((known) => known.id === id);
  if (!intent) return failure(404, "invalid_request_error", `No such payment_intent: '${id}'`);
  if (method === "POST" && isCancel !== undefined) {
    const status = String(intent["status"]);
    if (["succeeded", "processing", "canceled"].includes(status)) {
      const message = `You cannot cancel this PaymentIntent because it has a status of ${status}.`;
      return failure(400, "invalid_request_error", message);
    }
    Object.assign(intent, { status: "canceled", cancellation_reason: null });
  }
  return { status: 200, body: intent };
}

export function failure(status: number, type: string, message: string): Answer {
  return { status, body: { error: { type, message } } };
}
