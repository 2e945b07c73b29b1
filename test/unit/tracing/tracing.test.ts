import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../../config/index.ts";
import {
  detached,
  correlationIds,
  withRequestId,
} from "../../../mixins/observability/logging/current-request.ts";
import type { OtlpTracer } from "../../../mixins/observability/tracing/otlp-tracer.ts";
import { otlpTracer } from "../../../mixins/observability/tracing/otlp-tracer.ts";
import { traceStatement } from "../../../mixins/observability/tracing/trace-database.ts";
import {
  currentSpan,
  inSpan,
  removeTracer,
  installTracer,
} from "../../../mixins/observability/tracing/tracing.ts";
import { TraceCollector } from "../../support/trace-collector.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const sampled = `00-${traceId}-00f067aa0ba902b7-01`;
const codeOf = () => "broken";

describe("traces", () => {
  let collector: TraceCollector;
  let tracer: OtlpTracer;
  beforeEach(async () => {
    collector = await TraceCollector.start();
  });
  afterEach(async () => {
    removeTracer(tracer);
    await tracer.close();
    await collector.stop();
  });
  const tracing = (env: Record<string, string> = {}) => {
    const config = loadConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      SERVICES: "catalog",
      ...env,
    });
    tracer = otlpTracer(config, config.traces.url ?? "");
    installTracer(tracer);
  };
  const request = (parent: string | undefined, work: () => Promise<unknown>) =>
    inSpan("request", { kind: "server", parent, isRemoteParent: true }, codeOf, work);

  test("arrive at the collector when the node stops, with the name of its service", async () => {
    tracing();
    await request(sampled, () =>
      traceStatement("sqlite", "SELECT *\n  FROM products WHERE id = ?", () => Promise.resolve()),
    );
    await tracer.close();
    const [outer, inner] = [
      collector.spans.find(({ name }) => name === "request"),
      collector.spans.find(({ name }) => name === "SELECT products"),
    ];
    expect(outer).toMatchObject({ traceId, parentSpanId: "00f067aa0ba902b7", service: "shop-catalog" });
    expect(inner).toMatchObject({ traceId, parentSpanId: outer?.spanId });
    expect(inner?.attributes["db.query.text"]).toBe("SELECT * FROM products WHERE id = ?");
  });

  test.each([
    "nonsense",
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `${sampled}${"x".repeat(10_000)}`,
  ])("begin anew where the client's is none (%#)", async (parent) => {
    tracing();
    let inside: string | undefined;
    await request(parent, async () => (inside = currentSpan()?.traceId));
    expect(inside).toMatch(/^[0-9a-f]{32}$/);
    expect(inside).not.toBe(traceId);
  });

  test("are recorded as the shop says, not as the client does, and not in part", async () => {
    tracing({ OTEL_TRACES_SAMPLER_ARG: "0" });
    let told = "";
    await request(sampled, () =>
      traceStatement("sqlite", "SELECT 1", async () => (told = currentSpan()?.traceparent ?? "")),
    );
    expect(told).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    await tracer.close();
    expect(collector.spans).toEqual([]);
  });

  test("tell a failure by its code, and let it through", async () => {
    tracing();
    await expect(request(undefined, () => Promise.reject(new Error("of ada@example.org")))).rejects.toThrow(
      "ada",
    );
    await tracer.close();
    expect(collector.spans.map(({ attributes }) => attributes["error.type"])).toEqual(["broken"]);
    expect(JSON.stringify(collector.spans)).not.toContain("ada@example.org");
  });

  test("are named in log lines, except those of background work", async () => {
    tracing();
    await request(sampled, async () => {
      withRequestId("request-1", () => {
        expect(correlationIds()).toEqual({ requestId: "request-1", traceId });
        detached(() => expect(correlationIds()).toEqual({}));
      });
    });
    expect(correlationIds()).toEqual({});
  });

  test("are not started by background work", async () => {
    tracing();
    await traceStatement("sqlite", "SELECT 1", async () => expect(currentSpan()).toBeUndefined());
    await tracer.close();
    expect(collector.spans).toEqual([]);
  });

  test("have no further effect without a collector", async () => {
    tracing({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" });
    for (let turn = 0; turn < 20; turn += 1) await request(undefined, () => Promise.resolve());
    await expect(request(undefined, () => Promise.resolve("answered"))).resolves.toBe("answered");
  });
});
