import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { CallingOptions, Service, ServiceSchema } from "moleculer";
import { configOf, contractsOf } from "../../mixins/service/config-of.ts";
import { invalidationEvents } from "../../mixins/cache/invalidation.ts";
import { withRequestId } from "../../mixins/observability/logging/current-request.ts";
import { metricsOf } from "../../mixins/observability/metrics/metrics.ts";
import { isTracing } from "../../mixins/observability/tracing/tracing.ts";
import { close, listen } from "../../mixins/support/listen.ts";
import { startDraining, isDraining } from "../../mixins/service/lifecycle.ts";
import type { Client } from "../../mixins/service/action-runtime.ts";
import { uploads } from "../../mixins/service/uploads.ts";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { ErrorCode } from "../../mixins/contract/errors.ts";
import { isShopError, ShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { Locales } from "../../mixins/locales/locales.ts";
import { SlowBodyGuard } from "./request/slow-body-guard.ts";
import { Authentication } from "./request/authentication.ts";
import { clientResolver } from "./request/client-address.ts";
import { endpointsOf } from "./routing/endpoints.ts";
import { movedTo } from "./response/redirect.ts";
import { ResponseCache } from "./response/response-cache.ts";
import { gatewayFamilies } from "./server/gateway-metrics.ts";
import { HttpMetrics } from "./server/http-metrics.ts";
import { createHttpServer } from "./server/http-server.ts";
import { ResponseCacheLimit } from "./limits/response-cache-limit.ts";
import type { LimitStore } from "./limits/limit-store.ts";
import { limitStore } from "./limits/limit-store.ts";
import { ConcurrencyLimiter } from "./limits/concurrency-limiter.ts";
import { LoginThrottle } from "./limits/login-throttle.ts";
import type { Alias, ContractRoute, GatewayRequest, RouteOptions } from "./routing/moleculer-web.ts";
import { gatewayMixin } from "./routing/moleculer-web.ts";
import { pages } from "./pages/pages.ts";
import { codedError, pathOf, problemOf, sendProblem } from "./response/problems.ts";
import { RateLimits } from "./limits/rate-limits.ts";
import { shed } from "./limits/shed.ts";
import { Router } from "./routing/router.ts";
import { SecurityEvents } from "./security-events.ts";
import { contractRoutes, pagesRoute } from "./routing/routes.ts";
import { traceRequest } from "./server/trace-request.ts";
import { setSecurityHeaders } from "./server/security-headers.ts";
import { ViewHints } from "./view-hints.ts";
import { waitForLocalServices } from "./server/wait-for-local-services.ts";

/** The gateway's instance type, as seen by its own methods. */
interface ApiService extends Service {
  server: Server;
  router: Router<Alias | ContractRoute>;
  responseCache: ResponseCache;
  limiter: ConcurrencyLimiter;
  limits: RateLimits;
  limitStore: LimitStore;
  security: SecurityEvents;
  clientOf: (request: IncomingMessage) => Client;
  /** Undefined when metrics are off. */
  httpMetrics: HttpMetrics | undefined;
  readonly aliases: readonly Alias[];
  addRoute(options: RouteOptions): void;
  httpHandler(request: IncomingMessage, response: ServerResponse): Promise<void>;
  dispatch(
    request: IncomingMessage,
    response: ServerResponse,
    alias: ContractRoute,
    params: Readonly<Record<string, string>>,
    options: CallingOptions,
  ): Promise<void>;
  answerOptions(request: IncomingMessage, response: ServerResponse): void;
  countUnrouted(request: IncomingMessage, response: ServerResponse, error: unknown): unknown;
}

/** Time limit for resolving a caller at the users service; one request may need two such calls. */
const internalCallTimeoutMs = 4000;
/** Health probes are exempt from load shedding. */
const neverShed = /^\/health\/(?:live|ready)(?:\?|$)/;
const safeRequestId = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Checks that a request has exactly one Host header (RFC 9112, 3.2): parsers differ in which duplicate they
 * use. HTTP/1.0 may omit it; other HTTP versions fail the check.
 */
function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return false;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === "host") hosts += 1;
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0");
}

/** The path without a slash at its end. */
function routedPath(request: IncomingMessage): string {
  const path = pathOf(request);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** REST gateway: maps HTTP requests to contracts. */
const api: ServiceSchema = {
  name: "api",
  mixins: [gatewayMixin],
  events: invalidationEvents,

  methods: {
    /** Entry point of every request. */
    async httpHandler(this: ApiService, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const sent = request.headers["x-request-id"];
      const requestID = typeof sent === "string" && safeRequestId.test(sent) ? sent : newId();
      const hasValidHost = hasOneHost(request);
      if (
        hasValidHost &&
        !isDraining(this.broker) &&
        this.responseCache.trySend(request, response, requestID)
      )
        return;
      if (
        !neverShed.test(request.url ?? "") &&
        !(this.limiter.acquire(request) && (await this.limiter.schedule(request)))
      ) {
        shed(request, response, requestID);
        return;
      }
      setSecurityHeaders(response);
      response.setHeader("X-Request-Id", requestID);
      // Closing with the response keeps clients from reusing a connection that is about to close.
      if (isDraining(this.broker)) response.setHeader("Connection", "close");
      const began = this.httpMetrics ? performance.now() : 0;
      let failure: ErrorCode | undefined;
      try {
        if (!hasValidHost) throw new ShopError("malformed-request", "Send HTTP/1.1 with one Host header");
        if (request.method === "OPTIONS") {
          this.answerOptions(request, response);
          return;
        }
        const match = this.router.find(request.method ?? "", routedPath(request));
        if (!match) throw new ShopError("not-found", "Not found");
        // The contract of the action sets the deadline; some actions run long.
        const options = { requestID, timeout: 0 };
        if ("handle" in match.alias)
          await this.dispatch(request, response, match.alias, match.params, options);
        else await this.actions.rest?.({ req: request, res: response }, options);
      } catch (error) {
        const coded = codedError(
          (request as Partial<GatewayRequest>).$alias ? error : this.countUnrouted(request, response, error),
        );
        failure = coded.type;
        const instance = pathOf(request);
        if (coded.type === "internal-error")
          withRequestId(requestID, () =>
            this.logger.error(`request ${requestID} to ${instance} failed`, error),
          );
        const { authorization, "x-api-key": apiKey, "x-order-token": orderToken } = request.headers;
        const tokenSent = [authorization, apiKey, orderToken].some((header) => header !== undefined);
        const location = coded.type === "moved" ? movedTo(request as GatewayRequest, coded.data) : undefined;
        sendProblem(response, problemOf(coded, { instance, traceId: requestID, tokenSent, location }));
      } finally {
        this.limiter.release(request);
        this.httpMetrics?.recordRequest(
          (request as Partial<GatewayRequest>).$alias,
          response,
          performance.now() - began,
          failure,
        );
      }
    },

    /** Handles a request of a contract's route: without the steps of moleculer-web, which contracts do not use. */
    dispatch(
      this: ApiService,
      request: IncomingMessage,
      response: ServerResponse,
      alias: ContractRoute,
      params: Readonly<Record<string, string>>,
      options: CallingOptions,
    ): Promise<void> {
      const $ctx = Object.assign(new this.broker.ContextFactory(this.broker), {
        options,
        requestID: options.requestID,
      });
      const routed = Object.assign(request, {
        $ctx,
        $alias: alias,
        $params: { params },
        originalUrl: request.url ?? "/",
      });
      return new Promise((resolve, reject) => {
        response.once("finish", resolve).once("close", resolve).once("error", reject);
        alias.handle(routed, response, reject);
      });
    },

    answerOptions(this: ApiService, request: IncomingMessage, response: ServerResponse): void {
      const methods = this.router.methodsAt(routedPath(request));
      if (!methods) throw new ShopError("not-found", "Not found");
      this.limits.countAddress("reads", this.clientOf(request).address, response);
      response.writeHead(204, { Allow: methods.join(", "), "Cache-Control": "no-store" }).end();
    },

    /** Counts an unrouted request against the limit of its class. @returns the reason for rejecting it */
    countUnrouted(
      this: ApiService,
      request: IncomingMessage,
      response: ServerResponse,
      error: unknown,
    ): unknown {
      if (isShopError(error, "too-many-requests")) return error;
      try {
        this.limits.countAddress("reads", this.clientOf(request).address, response);
        return error;
      } catch (refused) {
        return refused;
      }
    },

    /** Called by moleculer-web for each request. */
    resolveAlias(this: ApiService, path: string, method: string) {
      return this.router.find(method, path);
    },

    /** `read-params` parses the query, where the route's params are known. */
    parseQueryString(request: IncomingMessage) {
      return { query: {}, url: pathOf(request) };
    },
  },

  created(this: Service) {
    const service = this as ApiService;
    const config = configOf(this.broker);
    const callInternally = <N extends ActionName>(name: N, params: Input<N>) =>
      this.broker.call<Result<N>, Input<N>>(name, params, {
        meta: { caller: { kind: "system", name: "api" } },
        timeout: internalCallTimeoutMs,
      });
    const metrics = metricsOf(this.broker);
    service.httpMetrics = metrics && new HttpMetrics();
    const clientOf = clientResolver(config.http.trustedProxies, (warning) => this.logger.warn(warning));
    service.clientOf = clientOf;
    service.limiter = new ConcurrencyLimiter(config.load);
    service.limitStore = limitStore(config.redisUrl, config.namespace, this.logger);
    const limits = new RateLimits(config.limits, service.limitStore);
    service.limits = limits;
    const responseCacheLimit = new ResponseCacheLimit(config.limits.cachedPerMinute, (request) =>
      limits.limitKey(clientOf(request).address),
    );
    const locales = new Locales(config.locales);
    service.responseCache = new ResponseCache(this.broker, responseCacheLimit, locales, service.httpMetrics);
    service.security = new SecurityEvents(this.broker.nodeID, {
      log: (report) => this.logger.warn(`security: refused ${report.count} × ${report.kind}`, report),
      report: (report) => callInternally("audit.security-events.report", report),
    });
    const keepsHistories = contractsOf(this.broker).some(({ name }) => name === "browsing-history");
    const viewHints = keepsHistories ? new ViewHints(this.broker) : undefined;
    const gateway = {
      viewHints,
      security: service.security,
      slowBodyGuard: new SlowBodyGuard(service.limiter, config.http.bodyTimeoutMs),
      responseCache: service.responseCache,
      limiter: service.limiter,
      limits,
      loginThrottle: new LoginThrottle(config.limits.freeLoginFailures, service.limitStore),
      authentication: new Authentication({
        jwks: () => callInternally("users.jwks", {}),
        checkSession: (sessionId) => callInternally("users.sessions.check", { sessionId }),
        checkApiKey: (keyHash) => callInternally("users.api-keys.check", { keyHash }),
        checkOrderToken: (tokenHash) => callInternally("users.order-tokens.check", { tokenHash }),
      }),
      checkDeviceToken: (given: Input<"users.device-tokens.check">) =>
        callInternally("users.device-tokens.check", given),
      clientOf,
      locales,
      timeoutMs: this.broker.options.requestTimeout ?? 0,
    };
    metrics?.add(...gatewayFamilies(gateway), ...(service.httpMetrics?.families() ?? []));
    const endpoints = endpointsOf(contractsOf(this.broker));
    service.addRoute(pagesRoute(pages(this.broker, endpoints), gateway));
    service.router = new Router<Alias | ContractRoute>([
      ...contractRoutes(endpoints, gateway),
      ...service.aliases,
    ]);
    service.server = createHttpServer(config, (request, response) => {
      if (isTracing()) void traceRequest(request, response, () => service.httpHandler(request, response));
      else void service.httpHandler(request, response);
    });
    this.broker.createService(uploads);
    // Drain requests in flight before any service of this node stops.
    const drain = () => {
      startDraining(this.broker);
      return close(service.server).then(() => {
        viewHints?.flush();
        return service.security.stop();
      });
    };
    // Also runs after a failed start.
    const closeLimitStore = () => Promise.resolve(service.limitStore.close());
    this.broker.middlewares?.add({ name: "GatewayDrain", stopping: drain, stopped: closeLimitStore });
  },

  async started(this: Service) {
    const { host, port } = configOf(this.broker).http;
    const { server, limiter } = this as ApiService;
    await waitForLocalServices(this.broker, this.name);
    await listen(server, { host, port, hostSetting: "HOST", portSetting: "PORT" });
    limiter.start((shed) => this.logger.warn(`load shedding: ${shed} requests rejected`));
  },

  async stopped(this: Service) {
    const { server, limiter } = this as ApiService;
    await close(server);
    limiter.stop();
  },
};

export default api;
