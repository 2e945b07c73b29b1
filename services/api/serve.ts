import type { ServerResponse } from "node:http";
import type { Context } from "moleculer";
import type { Client, ShopMeta } from "../../mixins/shop-action.ts";
import { offerUpload } from "../../mixins/uploads.ts";
import { authorize } from "../contract/authorize.ts";
import type { Caller } from "../contract/caller.ts";
import { guest } from "../contract/caller.ts";
import { ShopError } from "../contract/errors.ts";
import type { Upload } from "../contract/contract.ts";
import type { Document } from "../contract/document.ts";
import type { FilePart } from "../contract/file-part.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Authentication } from "./authentication.ts";
import { awaitFirstTry } from "./await-first-try.ts";
import { documentAnswer } from "./document-answer.ts";
import type { Endpoint } from "./endpoints.ts";
import type { FinishedAnswers } from "./finished-answers.ts";
import type { LoadGuard } from "./load-guard.ts";
import type { LoginBackOff } from "./login-back-off.ts";
import type { AliasHandler, GatewayRequest } from "./moleculer-web.ts";
import { negotiate } from "./negotiate.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { RawParams } from "./request.ts";
import { readParams } from "./request.ts";
import { answerOf, send } from "./respond.ts";
import { sendFile } from "./send-file.ts";
import { openUpload } from "./upload.ts";

/** What the gateway needs besides the request. */
export interface Gateway {
  readonly arrivals: Arrivals;
  readonly load: LoadGuard;
  readonly limits: RateLimits;
  readonly logins: LoginBackOff;
  readonly authentication: Authentication;
  readonly clientOf: (request: GatewayRequest) => Client;
  readonly finished: FinishedAnswers;
  /** How long a request may take when its contract does not say otherwise. */
  readonly timeoutMs: number;
}

/** The handler of an endpoint: who is it, may they, what do they want, do it, answer. */
export function serve(endpoint: Endpoint, gateway: Gateway): AliasHandler {
  return (request, response, fail) => {
    handle(endpoint, gateway, request, response).catch(fail);
  };
}

async function handle(endpoint: Endpoint, gateway: Gateway, request: GatewayRequest, response: ServerResponse) {
  const { arrivals, authentication, clientOf, load, limits } = gateway;
  const { contract, route } = endpoint;
  const began = Date.now();
  const client = clientOf(request);
  limits.countAddress(endpoint.limit, client.address, response);
  // Whoever has just shown that it is they, maybe at another gateway, must not be told to do so again.
  const fresh = contract.stepUp ?? false;
  const caller = route.ignoresToken ? guest : await authentication.callerOf(request.headers, { fresh });
  limits.countAccount(endpoint.limit, client.address, caller, response);
  // What it took to find out who is asking is part of the request's time.
  const timeout = (contract.timeout ?? gateway.timeoutMs) - (Date.now() - began);
  if (timeout <= 0) throw new ShopError("deadline-exceeded");
  authorize(contract, caller, Date.now());
  const params = await readParams(request, endpoint, (limit) => arrivals.receive(request, limits.countedAs(client.address), limit));

  const ctx: Context<unknown, ShopMeta> = request.$ctx;
  const meta: ShopMeta = { caller, client };
  const { upload, download, document } = route;
  if (document) params[document.mediaTypeParam] = negotiate(request.headers.accept, document.mediaTypes);
  const guesses = route.guesses === "caller" ? callerId(caller) : route.guesses && params[route.guesses];
  const ask = (): Promise<unknown> => ctx.call(endpoint.action, params, { meta, timeout });
  const askAsFamiliar = (familiar: boolean): Promise<unknown> => {
    meta.familiar = familiar;
    return ask();
  };
  const call = typeof guesses === "string" ? () => gateway.logins.attempt(guesses, client.address, askAsFamiliar) : ask;
  // A file takes as long as its sender or reader does.
  if (upload || download) load.leave(request);
  if (download) {
    const fetchPart = (part: number) => {
      params[download.partParam] = part;
      return call() as Promise<FilePart>;
    };
    await sendFile(request, response, await fetchPart(0), fetchPart);
    return;
  }
  const keeping = gateway.finished.begin(request, endpoint, caller);
  const result = upload
    ? await callWithUpload(request, upload, params, meta, call)
    : await timed(load, request, () => (endpoint.isKeyed ? awaitFirstTry(call) : call()));

  // A user's own change, such as logging out, shows at once at least here; elsewhere within a second.
  if (caller.kind === "user" && endpoint.service === "users" && route.method !== "GET")
    authentication.forget(caller.sessionId);
  const answer = document
    ? documentAnswer(result as Document)
    : answerOf(request, endpoint, caller, result ?? null);
  if (keeping) gateway.finished.keep(keeping, answer, ctx.meta.keptUntil ?? 0);
  send(request, response, answer);
}

function callerId(caller: Caller): string | undefined {
  return caller.kind === "user" ? caller.userId : undefined;
}

async function timed<T>(load: LoadGuard, request: GatewayRequest, call: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await call();
  } finally {
    load.took(request, performance.now() - began);
  }
}

async function callWithUpload(
  request: GatewayRequest,
  upload: Upload,
  params: RawParams,
  meta: ShopMeta,
  call: () => Promise<unknown>,
): Promise<unknown> {
  const body = openUpload(request, upload);
  using offer = offerUpload(request.$ctx.broker, body.stream);
  params[upload.mediaTypeParam] = body.mediaType;
  meta.upload = offer.ticket;
  try {
    return await call();
  } catch (error) {
    throw body.fault() ?? error;
  } finally {
    body.abandon();
  }
}
