import type { ServiceBroker } from "moleculer";
import type { NotifyConfig } from "../../config/index.ts";
import { ActionChannel } from "./action-channel.ts";
import { FileChannel } from "./file-channel.ts";
import { HttpChannel } from "./http-channel.ts";
import type { NotifyChannel } from "./notify-channel.ts";

/** A service's action if configured, else the HTTP gateway, else files. */
export function openNotifyChannel(
  { action, gateway, directory }: NotifyConfig,
  broker: ServiceBroker,
): NotifyChannel {
  if (action !== undefined) return new ActionChannel(broker, action);
  return gateway ? new HttpChannel(gateway) : new FileChannel(directory);
}
