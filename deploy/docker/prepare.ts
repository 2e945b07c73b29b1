import { ConfigError, loadConfig } from "../../config/index.ts";
import { createNode } from "../../services/node/create-node.ts";
import { preparingServices, prepareShop } from "../../services/node/first-start.ts";

/**
 * `node deploy/docker/prepare.ts`: joins the cluster as a node without services, creates a new shop's
 * administrator and `DEMO_DATA`, and leaves. Idempotent.
 */

const servicesWithinMs = 60_000;
const pollIntervalMs = 100;

async function prepare(): Promise<void> {
  const config = loadConfig();
  if (config.shape === "embedded")
    throw new ConfigError("bad setting: SHOP_SHAPE: a shop in one process prepares itself");
  if (config.administrator.password === undefined)
    throw new ConfigError(
      "bad setting: ADMIN_PASSWORD is required: this container cannot keep a generated one",
    );
  const broker = await createNode(config);
  await broker.start();
  try {
    await broker.waitForServices(preparingServices(config), servicesWithinMs, pollIntervalMs);
    await prepareShop(broker, config);
  } finally {
    await broker.stop();
  }
}

prepare().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`prepare: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
