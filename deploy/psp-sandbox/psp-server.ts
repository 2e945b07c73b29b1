import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { pspFaults } from "./psp-faults.ts";
import { payPage, setupPage } from "./psp-page.ts";
import type { Psp, PspAnswer } from "./psp-requests.ts";
import { refusal } from "./psp-requests.ts";

const maxBodyBytes = 64 * 1024;
const cardChoices = z.enum(["pays", "declines", "asks"]);
const outcomes = z.enum(["succeeded", "failed", "late"]);
const shopAddress = z.strictObject({ url: z.url({ protocol: /^https?$/ }) });
const releaseOrder = z.strictObject({ reverse: z.boolean().default(false) });

/** The provider's HTTP server: API and fault controls, both by key, and the payment page. */
export function pspServer(psp: Psp, apiKey: string): Server {
  return createServer((request, response) => {
    answer(psp, apiKey, request, response).catch((error: unknown) => {
      const { status, body } =
        error instanceof BadBody ? refusal(400, "bad_body", error.message) : internalError;
      if (!response.headersSent) send(response, status, body);
    });
  });
}

class BadBody extends Error {}

const internalError = refusal(500, "oops", "The payment sandbox failed");

async function answer(
  psp: Psp,
  apiKey: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://sandbox");
  const [, area = "", first = "", second = "", third = ""] = pathname.split("/");
  const body = await readBody(request);
  if (area === "pay" || area === "setup") {
    const isPost = request.method === "POST";
    const page = area === "pay" ? payment(psp, first, isPost, body) : setup(psp, first, isPost, body);
    response.setHeader(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    );
    if (page === undefined) send(response, 404, "Not found\n", "text/plain");
    else send(response, 200, page, "text/html; charset=utf-8");
    return;
  }
  if (!isKey(request.headers.authorization, apiKey)) {
    const { status, body: told } = refusal(401, "unauthenticated", "Send the API key as a bearer token");
    send(response, status, told);
    return;
  }
  const endpoint = `${request.method ?? ""} ${[area, first, third].filter(Boolean).join("/")}`;
  const made =
    area === "v1" ? await api(psp, endpoint, second, request, body) : await control(psp, endpoint, body);
  send(response, made.status, made.body);
}

/** The payment page, after what was chosen on it. */
function payment(psp: Psp, id: string, isPost: boolean, body: string): string | undefined {
  const outcome = outcomes.safeParse(new URLSearchParams(body).get("outcome") ?? "succeeded").data;
  const shown = isPost && outcome ? psp.settle(id, outcome) : psp.ledger.payment(id);
  return shown && payPage(shown);
}

/** The setup page, after what was chosen on it. */
function setup(psp: Psp, id: string, isPost: boolean, body: string): string | undefined {
  const card = cardChoices.safeParse(new URLSearchParams(body).get("card") ?? "pays").data;
  const shown = isPost ? psp.finishSetup(id, card) : psp.ledger.setup(id);
  return shown && setupPage(shown);
}

async function api(
  psp: Psp,
  endpoint: string,
  id: string,
  request: IncomingMessage,
  text: string,
): Promise<PspAnswer> {
  const { injector } = psp;
  // Faults spare the ledger, which tests compare with the shop's payments.
  if (endpoint === "GET v1/book")
    return {
      status: 200,
      body: {
        payments: psp.ledger.payments(),
        refunds: psp.ledger.refunds(),
        methods: psp.ledger.methods(),
      },
    };
  if (injector.injects("slow")) await sleep(injector.faults.slowMs, undefined, { ref: false });
  if (injector.injects("fail")) return internalError;
  const made = operation(psp, endpoint, id, request, text);
  return injector.injects("loseAnswer") ? internalError : made;
}

function operation(
  psp: Psp,
  endpoint: string,
  id: string,
  request: IncomingMessage,
  text: string,
): PspAnswer {
  const key = request.headers["idempotency-key"];
  if (endpoint === "GET v1/payments" && id !== "") {
    const payment = psp.ledger.payment(id);
    return payment
      ? { status: 200, body: psp.present(payment) }
      : refusal(404, "unknown_payment", "Payment not found");
  }
  if (endpoint === "GET v1/references") {
    const payment = psp.ledger.paymentOf(id);
    return payment
      ? { status: 200, body: psp.present(payment) }
      : refusal(404, "unknown_payment", "Payment not found");
  }
  if (endpoint === "GET v1/setups" && id !== "") {
    const setup = psp.ledger.setup(id);
    return setup
      ? { status: 200, body: psp.presentSetup(setup) }
      : refusal(404, "unknown_setup", "Setup not found");
  }
  if (endpoint === "GET v1/customers/methods")
    return { status: 200, body: { methods: psp.ledger.methods(id) } };
  if (endpoint === "POST v1/payments/closures") return psp.closePayment(id);
  if (endpoint === "DELETE v1/methods") return psp.detach(id);
  const creation = creations[`${endpoint}${id === "" ? "" : " of"}`];
  if (!creation) return refusal(404, "not_found", "Not found");
  if (typeof key !== "string" || key === "") return refusal(400, "no_key", "Send an Idempotency-Key");
  return creation(psp, key, json(text), id);
}

/** Operations that create something; ` of` marks those under something that exists. */
const creations: Readonly<Record<string, (psp: Psp, key: string, body: unknown, id: string) => PspAnswer>> = {
  "POST v1/payments": (psp, key, body) => psp.createPayment(key, body),
  "POST v1/payments/refunds of": (psp, key, body, id) => psp.createRefund(key, id, body),
  "POST v1/setups": (psp, key, body) => psp.createSetup(key, body),
  "POST v1/charges": (psp, key, body) => psp.createCharge(key, body),
};

/** Fault controls for tests and experiments. */
async function control(psp: Psp, endpoint: string, text: string): Promise<PspAnswer> {
  const { injector, webhooks, ledger } = psp;
  switch (endpoint) {
    case "GET control/faults":
      return { status: 200, body: { faults: injector.faults, struck: injector.struck } };
    case "PUT control/faults": {
      const faults = pspFaults.safeParse(json(text));
      if (!faults.success) return refusal(422, "invalid_request", z.prettifyError(faults.error));
      injector.set(faults.data);
      return { status: 200, body: { faults: injector.faults, struck: injector.struck } };
    }
    case "PUT control/webhooks": {
      const address = shopAddress.safeParse(json(text));
      if (!address.success) return refusal(422, "invalid_request", z.prettifyError(address.error));
      webhooks.sendTo(address.data.url);
      return { status: 200, body: address.data };
    }
    case "GET control/webhooks":
      return { status: 200, body: { undelivered: ledger.undelivered(), held: ledger.held() } };
    case "POST control/releases": {
      const order = releaseOrder.safeParse(json(text));
      if (!order.success) return refusal(422, "invalid_request", z.prettifyError(order.error));
      return { status: 200, body: { statuses: await webhooks.release(order.data.reverse) } };
    }
    default:
      return refusal(404, "not_found", "Not found");
  }
}

function json(text: string): unknown {
  try {
    return text === "" ? {} : (JSON.parse(text) as unknown);
  } catch {
    throw new BadBody("The body is not JSON");
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new BadBody("The body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function isKey(header: string | undefined, apiKey: string): boolean {
  const sent = Buffer.from(header ?? "");
  const expected = Buffer.from(`Bearer ${apiKey}`);
  return sent.length === expected.length && timingSafeEqual(sent, expected);
}

function send(response: ServerResponse, status: number, body: unknown, type = "application/json"): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(text);
}
