import { expect, test } from "@jest/globals";
import moleculer from "moleculer";
import { z } from "zod";
import { loadConfig } from "../../config/index.ts";
import { brokerOptions } from "../../mixins/service/broker-options.ts";
import { actionSchemas } from "../../mixins/service/action-runtime.ts";
import { action, defineContract } from "../../mixins/contract/contract.ts";

test("a call whose caller gave up while it waited for its turn is not carried out", async () => {
  const carriedOut: string[] = [];
  let finishFirst: () => void = () => undefined;
  const declared = action({
    summary: "Hashes something",
    access: "internal",
    params: z.strictObject({ name: z.string() }),
    result: z.string(),
    errors: [],
    idempotent: true,
    fairQueue: { concurrency: 1, maxWaiting: 10 },
  });
  const contract = defineContract({
    name: "hashing",
    summary: "",
    consumes: [],
    actions: { hash: declared },
    events: {},
  });
  const handle = async ({ params }: { params: { name: string } }) => {
    carriedOut.push(params.name);
    if (params.name === "first") await new Promise<void>((resolve) => (finishFirst = resolve));
    return params.name;
  };
  const broker = new moleculer.ServiceBroker({
    ...brokerOptions(loadConfig({ LOG_LEVEL: "fatal" }), [contract]),
    logger: false,
  });
  const implementations = [{ name: "hashing.hash", handle }] as unknown as Parameters<
    typeof actionSchemas
  >[1];
  broker.createService({ name: "hashing", actions: actionSchemas(contract, implementations) });
  await broker.start();
  try {
    const call = (name: string, timeout: number) =>
      broker.call("hashing.hash", { name }, { timeout, meta: { caller: { kind: "system", name: "test" } } });
    const first = call("first", 5000);
    const impatient = call("impatient", 300);
    const patient = call("patient", 5000);
    await expect(impatient).rejects.toMatchObject({ type: "REQUEST_TIMEOUT" });
    finishFirst();
    expect(await Promise.all([first, patient])).toEqual(["first", "patient"]);
    expect(carriedOut).toEqual(["first", "patient"]);
  } finally {
    await broker.stop();
  }
});
