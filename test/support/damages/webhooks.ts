import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert } from "../damage.ts";

const ids = Array.from({ length: 5 }, newId);
const [hook = "", lost = "", ended = "", logged = "", secret = ""] = ids;

const endpoint = {
  id: hook,
  url: "https://hooks.example.com/",
  description: "",
  events: '["*"]',
  enabled: 1,
  ordered: 0,
  secret: "enc1:x:x",
  last_position: 0,
  version: 1,
  created_at: 1,
  updated_at: 1,
};
const delivery = {
  endpoint_id: newId(),
  event_id: newId(),
  type: "orders.placed",
  status: "waiting",
  position: 0,
  attempts: 0,
  failures: 0,
  due_at: 1,
  created_at: 1,
};

/** Damages to webhooks and what was sent to them. */
export const damagesOfWebhooks: Readonly<Record<string, Damage>> = {
  "webhooks.endpoints": insert("webhooks", "endpoints", { ...endpoint, disabled_reason: "gone" }, hook, [
    "webhooks.secrets",
  ]),
  "webhooks.secrets": insert("webhooks", "endpoints", { ...endpoint, id: secret }, secret),
  "webhooks.deliveries": insert("webhooks", "deliveries", { ...delivery, id: lost }, lost),
  "webhooks.outcomes": insert(
    "webhooks",
    "deliveries",
    { ...delivery, id: ended, status: "delivered", ended_at: 1 },
    ended,
    ["webhooks.deliveries"],
  ),
  "webhooks.attempts": insert("webhooks", "deliveries", { ...delivery, id: logged, attempts: 2 }, logged, [
    "webhooks.deliveries",
  ]),
};
