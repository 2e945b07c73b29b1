import { afterAll, afterEach, beforeAll, describe, jest, test } from "@jest/globals";
import { Bench, expectNothingUnresolved } from "./bench.ts";
import { channelCases } from "./channels.ts";
import { noticeCases } from "./notices.ts";
import type { ConformingProvider } from "./provider.ts";
import { refundCases } from "./refunds.ts";

const cases = [...noticeCases, ...channelCases, ...refundCases];

/** Runs the conformance table for a provider. After each case nothing is unresolved. */
export function runConformance(provider: ConformingProvider): void {
  const bench = new Bench(provider);
  beforeAll(() => bench.start());
  afterAll(() => bench.stop());
  afterEach(() => {
    jest.restoreAllMocks();
    bench.proxy.faults.clear();
  });

  describe(`payments at ${provider.name}`, () => {
    test.each(cases.filter(({ takes }) => takes === undefined || !provider.lacks.has(takes)))(
      "$title",
      async ({ run }) => {
        await run(bench);
        await expectNothingUnresolved(bench);
      },
      30_000,
    );
  });
}
