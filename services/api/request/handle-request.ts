import type { ServerResponse } from "node:http";
import type { Context } from "moleculer";
import type { Client, ShopMeta } from "../../../mixins/service/action-runtime.ts";
import { offerUpload } from "../../../mixins/service/uploads.ts";
import { authorize } from "../../../mixins/contract/authorize.ts";
import type { Input, Result } from "../../../mixins/contract/calls.ts";
import type { Caller } from "../../../mixins/contract/caller.ts";
import { guest } from "../../../mixins/contract/caller.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Acknowledgement, Route, Upload } from "../../../mixins/contract/contract.ts";
import type { Document } from "../../../mixins/contract/document.ts";
import type { FilePart } from "../../../mixins/contract/file-part.ts";
import type { SecuritySample } from "../../../mixins/contract/security-events.ts";
import type { SlowBodyGuard } from "./slow-body-guard.ts";
import type { Authentication } from "./authentication.ts";
import type { Locales } from "../../../mixins/locales/locales.ts";
import { chooseLocale } from "./choose-locale.ts";
import { awaitIdempotentAttempt } from "./await-idempotent-attempt.ts";
import { documentResponse } from "../response/document-response.ts";
import type { Endpoint } from "../routing/endpoints.ts";
import type { ResponseCache } from "../response/response-cache.ts";
import type { ConcurrencyLimiter } from "../limits/concurrency-limiter.ts";
import type { LoginThrottle } from "../limits/login-throttle.ts";
import type { AliasHandler, GatewayRequest } from "../routing/moleculer-web.ts";
import { templateOf } from "../routing/moleculer-web.ts";
import { negotiate } from "./negotiate.ts";
import type { RateLimits } from "../limits/rate-limits.ts";
import type { RawParams } from "./read-params.ts";
import { readParams } from "./read-params.ts";
import { acknowledgementResponse, responseOf, send } from "../response/respond.ts";
import type { SecurityEvents } from "../security-events.ts";
import { securityEventOf } from "../security-events.ts";
import { sendFile } from "../response/send-file.ts";
import type { ViewHints } from "../view-hints.ts";
import { openUpload } from "./upload.ts";

/** Dependencies of the request handler. */
export interface Gateway {
  readonly slowBodyGuard: SlowBodyGuard;
  readonly limiter: ConcurrencyLimiter;
  readonly limits: RateLimits;
  readonly loginThrottle: LoginThrottle;
  readonly authentication: Authentication;
  readonly checkDeviceToken: (
    given: Input<"users.device-tokens.check">,
  ) => Promise<Result<"users.device-tokens.check">>;
  readonly clientOf: (request: GatewayRequest) => Client;
  readonly security: SecurityEvents;
  readonly responseCache: ResponseCache;
  readonly locales: Locales;
  /** Undefined where no history is kept. */
  readonly viewHints: ViewHints | undefined;
  /** Default time limit; contracts may override it. */
  readonly timeoutMs: number;
}

/** Creates the handler of an endpoint: authenticate, authorize, read params, call, respond. */
export function requestHandler(endpoint: Endpoint, gateway: Gateway): AliasHandler {
  return (request, response, fail) => {
    const sender: Sender = {};
    handleRequest(endpoint, gateway, request, response, sender).catch((error: unknown) => {
      const kind = securityEventOf(error, endpoint, sender.caller);
      if (kind) gateway.security.record(kind, sampleOf(request, sender));
      fail(error);
    });
  };
}

/** Client of a request, as far as it is identified. */
interface Sender {
  caller?: Caller;
  client?: Client;
}

function sampleOf({ $ctx: ctx, $alias: alias }: GatewayRequest, { caller, client }: Sender): SecuritySample {
  return {
    requestId: ctx.requestID ?? ctx.id,
    route: `${alias.method} ${templateOf(alias)}`,
    address: client?.address ?? null,
    userId: caller?.kind === "user" ? caller.userId : null,
  };
}

async function handleRequest(
  endpoint: Endpoint,
  gateway: Gateway,
  request: GatewayRequest,
  response: ServerResponse,
  sender: Sender,
): Promise<void> {
  const { slowBodyGuard, authentication, clientOf, limiter, limits } = gateway;
  const { contract, route } = endpoint;
  const began = Date.now();
  const client = clientOf(request);
  sender.client = client;
  limits.countAddress(endpoint.limit, client.address, response);
  // A session re-authenticated a moment ago, perhaps at another gateway: bypass the cache.
  const fresh = contract.stepUp ?? contract.movesMoney ?? contract.errors.includes("step-up-required");
  const caller = route.ignoresToken ? guest : await authentication.callerOf(request.headers, { fresh });
  sender.caller = caller;
  limits.countAccount(endpoint.limit, client.address, caller, response);
  if (contract.access === "shopper" && caller.kind === "guest")
    limits.countAddress("guest-orders", client.address, response);
  // Authentication counts against the request's deadline.
  const timeout = (contract.timeout ?? gateway.timeoutMs) - (Date.now() - began);
  if (timeout <= 0) throw new ShopError("deadline-exceeded");
  authorize(contract, caller, Date.now());
  const params = await readParams(request, endpoint, (limit) =>
    slowBodyGuard.receive(request, limits.limitKey(client.address), limit),
  );

  const locale = contract.localized
    ? chooseLocale(params, request.headers["accept-language"], gateway.locales)
    : undefined;

  const ctx: Context<unknown, ShopMeta> = request.$ctx;
  const meta: ShopMeta = { caller, client: { ...client, limitKey: limits.limitKey(client.address) } };
  const { upload, download, document } = route;
  if (document) params[document.mediaTypeParam] = negotiate(request.headers.accept, document.mediaTypes);
  const account = accountOf(route, caller, params);
  const callAction = (): Promise<unknown> => ctx.call(endpoint.action, params, { meta, timeout });
  const callAsReturning = (returning: boolean): Promise<unknown> => {
    meta.returning = returning;
    return callAction();
  };
  const attempt = async ({ param, name }: AccountName) => {
    const device = await verifiedDeviceToken(endpoint, gateway, { [param]: name }, params);
    return gateway.loginThrottle.attempt(name, { address: client.address, device }, callAsReturning);
  };
  const call = account ? () => attempt(account) : callAction;
  // Transfers last as long as the peer's connection needs, so they do not count as in flight.
  if (upload || download) limiter.release(request);
  if (download) {
    const fetchPart = (part: number) => {
      params[download.partParam] = part;
      return call() as Promise<FilePart>;
    };
    await sendFile(request, response, await fetchPart(0), fetchPart);
    return;
  }
  const pendingEntry = gateway.responseCache.prepare(request, endpoint, caller);
  const result = upload
    ? await callWithUpload(request, upload, params, meta, call)
    : await observed(limiter, request, () =>
        endpoint.hasIdempotencyKey ? awaitIdempotentAttempt(call) : call(),
      );

  if (route.signsIn)
    await gateway.loginThrottle.trustAddress((result as Result<"users.login">).user, client.address);
  // A user's own change, e.g. a logout, applies at this gateway at once; at others within a second.
  if (caller.kind === "user" && endpoint.service === "users" && route.method !== "GET")
    authentication.invalidateSession(caller.sessionId);
  const acknowledgement = acknowledgementOf(route, params);
  const apiResponse = document
    ? documentResponse(result as Document)
    : acknowledgement
      ? acknowledgementResponse(acknowledgement)
      : responseOf(request, endpoint, { caller, locale, result: result ?? null });
  if (pendingEntry) gateway.responseCache.store(pendingEntry, apiResponse, ctx.meta.cachedUntil ?? 0);
  send(request, response, apiResponse);
  if (route.views && request.method === "GET") gateway.viewHints?.add(caller, result);
}

/** The response that the sender of a raw body expects, if it expects one of its own. */
function acknowledgementOf({ rawBody }: Route, params: RawParams): Acknowledgement | undefined {
  const { param, responses } = rawBody?.acknowledgements ?? {};
  const value = param === undefined ? undefined : params[param];
  return typeof value === "string" && Object.hasOwn(responses ?? {}, value) ? responses?.[value] : undefined;
}

/** The verified device token of a login attempt, if any. */
async function verifiedDeviceToken(
  { route }: Endpoint,
  { checkDeviceToken }: Gateway,
  account: Readonly<Record<string, string>>,
  params: RawParams,
): Promise<string | undefined> {
  const deviceToken = route.knownBy && params[route.knownBy];
  if (typeof deviceToken !== "string") return undefined;
  const { isGood } = await checkDeviceToken({ ...account, deviceToken });
  return isGood ? deviceToken : undefined;
}

/** The account that an attempt is counted for, as its request names it. */
interface AccountName {
  readonly param: string;
  readonly name: string;
}

function accountOf({ guesses }: Route, caller: Caller, params: RawParams): AccountName | undefined {
  if (guesses === undefined) return undefined;
  if (guesses === "caller")
    return caller.kind === "user" ? { param: guesses, name: caller.userId } : undefined;
  for (const param of typeof guesses === "string" ? [guesses] : guesses) {
    const name = params[param];
    if (typeof name === "string") return { param, name };
  }
  return undefined;
}

async function observed<T>(
  limiter: ConcurrencyLimiter,
  request: GatewayRequest,
  call: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  try {
    return await call();
  } finally {
    limiter.recordDuration(request, performance.now() - began);
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
    body.discard();
  }
}
