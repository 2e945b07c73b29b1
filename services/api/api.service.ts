import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Service, ServiceSchema } from "moleculer";
import { configOf } from "../../mixins/config-of.ts";
import { hearOfChanges } from "../../mixins/cache/cached-answers.ts";
import { inRequest } from "../../mixins/logging/current-request.ts";
import { metricsOf } from "../../mixins/metrics/metrics.ts";
import { isTracing } from "../../mixins/tracing/tracing.ts";
import { close, listen } from "../../mixins/http/listen.ts";
import { announceStop, isStopping } from "../../mixins/life-cycle.ts";
import { uploads } from "../../mixins/uploads.ts";
import type { ActionName, Input, Result } from "../contract/calls.ts";
import type { ErrorCode } from "../contract/errors.ts";
import { ShopError } from "../contract/errors.ts";
import { newId } from "../contract/ids.ts";
import { allContracts } from "../contracts.ts";
import { Arrivals } from "./arrivals.ts";
import { Authentication } from "./authentication.ts";
import { clientReader } from "./client.ts";
import { endpointsOf } from "./endpoints.ts";
import { FinishedAnswers } from "./finished-answers.ts";
import { gatewayFamilies } from "./gateway-metrics.ts";
import { HttpMetrics } from "./http-metrics.ts";
import { createHttpServer } from "./http-server.ts";
import { KeptLimit } from "./kept-limit.ts";
import type { LimitStore } from "./limit-store.ts";
import { limitStore } from "./limit-store.ts";
import { LoadGuard } from "./load-guard.ts";
import { LoginBackOff } from "./login-back-off.ts";
import type { Alias, GatewayRequest, RouteOptions } from "./moleculer-web.ts";
import { gatewayMixin } from "./moleculer-web.ts";
import { pages } from "./pages/pages.ts";
import { codedError, pathOf, problemOf, sendProblem } from "./problems.ts";
import { RateLimits } from "./rate-limits.ts";
import { refuse } from "./refuse.ts";
import { Router } from "./router.ts";
import { routesOf } from "./routes.ts";
import { traceRequest } from "./trace-request.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { waitForLocalServices } from "./wait-for-local-services.ts";

/** The gateway as its own methods see it. */
interface ApiService extends Service {
  server: Server;
  router: Router<Alias>;
  finished: FinishedAnswers;
  load: LoadGuard;
  limitStore: LimitStore;
  /** Undefined where nothing is measured. */
  httpMetrics: HttpMetrics | undefined;
  readonly aliases: readonly Alias[];
  addRoute(options: RouteOptions): void;
  httpHandler(request: IncomingMessage, response: ServerResponse): Promise<void>;
  answerOptions(path: string, response: ServerResponse): void;
}

/** How long the users service may take to say who someone is: a request can need two of its answers. */
const askedWithinMs = 4000;
/** Whoever asks how the gateway is, is told, above all when there is too much to do. */
const alwaysAnswered = /^\/health\//;
const safeRequestId = /^[A-Za-z0-9._-]{1,64}$/;

/** The REST gateway: HTTP in front, contracts behind. */
const api: ServiceSchema = {
  name: "api",
  mixins: [gatewayMixin],
  events: hearOfChanges,

  methods: {
    /** Every request begins here, whatever it is. */
    async httpHandler(this: ApiService, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const sent = request.headers["x-request-id"];
      const requestID = typeof sent === "string" && safeRequestId.test(sent) ? sent : newId();
      if (!isStopping(this.broker) && this.finished.give(request, response, requestID)) return;
      if (!alwaysAnswered.test(request.url ?? "") && !(this.load.enter(request) && (await this.load.turn(request)))) {
        refuse(request, response, requestID);
        return;
      }
      setSecurityHeaders(response);
      response.setHeader("X-Request-Id", requestID);
      // Sent along with an answer, it makes sure that no request meets a connection that is being closed.
      if (isStopping(this.broker)) response.setHeader("Connection", "close");
      const began = this.httpMetrics ? performance.now() : 0;
      let failure: ErrorCode | undefined;
      try {
        if (request.headers.host === undefined && request.httpVersion === "1.1")
          throw new ShopError("malformed-request", "The Host header is missing");
        if (request.method === "OPTIONS") {
          this.answerOptions(pathOf(request), response);
          return;
        }
        // The deadline is that of the action behind it; some take long.
        const options = { requestID, timeout: 0 };
        const routed: unknown = await this.actions.rest?.({ req: request, res: response }, options);
        if (routed === null || routed === undefined) throw new ShopError("not-found", "There is nothing at this path");
      } catch (error) {
        const coded = codedError(error);
        failure = coded.type;
        const instance = pathOf(request);
        if (coded.type === "internal-error")
          inRequest(requestID, () => this.logger.error(`request ${requestID} to ${instance} failed`, error));
        const { authorization, "x-api-key": apiKey } = request.headers;
        const tokenSent = authorization !== undefined || apiKey !== undefined;
        sendProblem(response, problemOf(coded, { instance, traceId: requestID, tokenSent }));
      } finally {
        this.load.leave(request);
        this.httpMetrics?.done((request as Partial<GatewayRequest>).$alias, response, performance.now() - began, failure);
      }
    },

    answerOptions(this: ApiService, path: string, response: ServerResponse): void {
      const methods = this.router.methodsAt(path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
      if (!methods) throw new ShopError("not-found", "There is nothing at this path");
      response.writeHead(204, { Allow: methods.join(", "), "Cache-Control": "no-store" }).end();
    },

    /** moleculer-web asks this for each request. */
    resolveAlias(this: ApiService, path: string, method: string) {
      return this.router.find(method, path);
    },

    /** Queries are read where the route's params are known. */
    parseQueryString(request: IncomingMessage) {
      return { query: {}, url: pathOf(request) };
    },
  },

  created(this: Service) {
    const service = this as ApiService;
    const config = configOf(this.broker);
    const ask = <N extends ActionName>(name: N, params: Input<N>) =>
      this.broker.call<Result<N>, Input<N>>(name, params, {
        meta: { caller: { kind: "system", name: "api" } },
        timeout: askedWithinMs,
      });
    const metrics = metricsOf(this.broker);
    service.httpMetrics = metrics && new HttpMetrics();
    const clientOf = clientReader(config.http.trustedProxies);
    service.load = new LoadGuard(config.load);
    service.limitStore = limitStore(config.redisUrl, config.namespace, this.logger);
    const limits = new RateLimits(config.limits, service.limitStore);
    const keptLimit = new KeptLimit(config.limits.keptPerMinute, (request) => limits.countedAs(clientOf(request).address));
    service.finished = new FinishedAnswers(this.broker, keptLimit, service.httpMetrics);
    const gateway = {
      arrivals: new Arrivals(service.load, config.http.bodyWithinMs),
      finished: service.finished,
      load: service.load,
      limits,
      logins: new LoginBackOff(config.limits.loginFailuresFree, service.limitStore),
      authentication: new Authentication({
        jwks: () => ask("users.jwks", {}),
        checkSession: (sessionId) => ask("users.sessions.check", { sessionId }),
        checkApiKey: (keyHash) => ask("users.api-keys.check", { keyHash }),
      }),
      clientOf,
      timeoutMs: this.broker.options.requestTimeout ?? 0,
    };
    metrics?.add(...gatewayFamilies(gateway), ...(service.httpMetrics?.families() ?? []));
    const endpoints = endpointsOf(allContracts);
    for (const route of routesOf(endpoints, gateway, pages(this.broker, endpoints))) service.addRoute(route);
    service.router = new Router(service.aliases);
    service.server = createHttpServer(config, (request, response) => {
      if (isTracing()) void traceRequest(request, response, () => service.httpHandler(request, response));
      else void service.httpHandler(request, response);
    });
    this.broker.createService(uploads);
    // Before any service of this node stops, what is under way gets its answers.
    const drain = () => {
      announceStop(this.broker);
      return close(service.server);
    };
    // Also when the start has failed.
    const forgetLimits = () => Promise.resolve(service.limitStore.close());
    this.broker.middlewares?.add({ name: "GatewayDrain", stopping: drain, stopped: forgetLimits });
  },

  async started(this: Service) {
    const { host, port } = configOf(this.broker).http;
    const { server, load } = this as ApiService;
    await waitForLocalServices(this.broker, this.name);
    await listen(server, { host, port, hostSetting: "HOST", portSetting: "PORT" });
    load.start((refused) => this.logger.warn(`there is too much to do: ${refused} requests were refused`));
  },

  async stopped(this: Service) {
    const { server, load } = this as ApiService;
    await close(server);
    load.stop();
  },
};

export default api;
