import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { pspFaults } from "./psp-faults.ts";
import { payPage } from "./psp-page.ts";
import type { Psp, PspAnswer } from "./psp-requests.ts";
import { refusal } from "./psp-requests.ts";

const maxBodyBytes = 64 * 1024;
const outcomes = z.enum(["succeeded", "failed"]);
const shopAddress = z.strictObject({ url: z.url({ protocol: /^https?$/ }) });
const releaseOrder = z.strictObject({ reverse: z.boolean().default(false) });

/** The provider's HTTP side: its API and its controls, both by key, and the page on which customers pay. */
export function pspServer(psp: Psp, apiKey: string): Server {
  return createServer((request, response) => {
    answer(psp, apiKey, request, response).catch((error: unknown) => {
      const { status, body } = error instanceof BadBody ? refusal(400, "bad_body", error.message) : oops;
      if (!response.headersSent) send(response, status, body);
    });
  });
}

class BadBody extends Error {}

const oops = refusal(500, "oops", "The payment sandbox failed");

async function answer(psp: Psp, apiKey: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://sandbox");
  const [, area = "", first = "", second = "", third = ""] = pathname.split("/");
  const body = await readBody(request);
  if (area === "pay") {
    const outcome = outcomes.safeParse(new URLSearchParams(body).get("outcome") ?? "succeeded").data;
    const wanted = request.method === "POST" ? outcome : undefined;
    const payment = wanted ? psp.settle(first, wanted) : psp.book.payment(first);
    response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
    if (!payment) send(response, 404, "There is no such payment\n", "text/plain");
    else send(response, 200, payPage(payment), "text/html; charset=utf-8");
    return;
  }
  if (!isKey(request.headers.authorization, apiKey)) {
    const { status, body: told } = refusal(401, "unauthenticated", "Send the API key as a bearer token");
    send(response, status, told);
    return;
  }
  const asked = `${request.method ?? ""} ${[area, first, third].filter(Boolean).join("/")}`;
  const made = area === "v1" ? await api(psp, asked, second, request, body) : await control(psp, asked, body);
  send(response, made.status, made.body);
}

async function api(psp: Psp, asked: string, id: string, request: IncomingMessage, text: string): Promise<PspAnswer> {
  const { dice } = psp;
  // The book is read by whoever compares it, and not by shops in trouble.
  if (asked === "GET v1/book") return { status: 200, body: { payments: psp.book.payments(), refunds: psp.book.refunds() } };
  if (dice.strikes("slow")) await sleep(dice.faults.slowMs, undefined, { ref: false });
  if (dice.strikes("fail")) return oops;
  const made = operation(psp, asked, id, request, text);
  return dice.strikes("loseAnswer") ? oops : made;
}

function operation(psp: Psp, asked: string, id: string, request: IncomingMessage, text: string): PspAnswer {
  const key = request.headers["idempotency-key"];
  if (asked === "GET v1/payments" && id !== "") {
    const payment = psp.book.payment(id);
    return payment ? { status: 200, body: psp.present(payment) } : refusal(404, "unknown_payment", "There is no such payment");
  }
  const creates = asked === "POST v1/payments" || asked === "POST v1/payments/refunds";
  if (!creates) return refusal(404, "not_found", "There is nothing at this path");
  if (typeof key !== "string" || key === "") return refusal(400, "no_key", "Send an Idempotency-Key");
  return id === "" ? psp.createPayment(key, json(text)) : psp.createRefund(key, id, json(text));
}

/** What tests, the chaos runs and the curious do with it. */
async function control(psp: Psp, asked: string, text: string): Promise<PspAnswer> {
  const { dice, webhooks, book } = psp;
  switch (asked) {
    case "GET control/faults":
      return { status: 200, body: { faults: dice.faults, struck: dice.struck } };
    case "PUT control/faults": {
      const faults = pspFaults.safeParse(json(text));
      if (!faults.success) return refusal(422, "invalid_request", z.prettifyError(faults.error));
      dice.set(faults.data);
      return { status: 200, body: { faults: dice.faults, struck: dice.struck } };
    }
    case "PUT control/webhooks": {
      const address = shopAddress.safeParse(json(text));
      if (!address.success) return refusal(422, "invalid_request", z.prettifyError(address.error));
      webhooks.sendTo(address.data.url);
      return { status: 200, body: address.data };
    }
    case "GET control/webhooks":
      return { status: 200, body: { undelivered: book.undelivered(), held: book.held() } };
    case "POST control/releases": {
      const order = releaseOrder.safeParse(json(text));
      if (!order.success) return refusal(422, "invalid_request", z.prettifyError(order.error));
      return { status: 200, body: { statuses: await webhooks.release(order.data.reverse) } };
    }
    default:
      return refusal(404, "not_found", "There is nothing at this path");
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
