import type { Config } from "../../config/index.ts";
import { Locales } from "../../mixins/locales/locales.ts";
import type { MailTransport } from "../../mixins/mail/mail-transport.ts";
import { openMailTransport } from "../../mixins/mail/open-mail-transport.ts";
import type { NotifyChannel } from "../../mixins/notify/notify-channel.ts";
import { openNotifyChannel } from "../../mixins/notify/open-notify-channel.ts";
import { consumersOf } from "../../mixins/events/consumer.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { AnnouncementRepository } from "./data/announcement-repository.ts";
import { DeliveryRepository } from "./data/delivery-repository.ts";
import { NotificationRepository } from "./data/notification-repository.ts";
import { PreferenceRepository } from "./data/preference-repository.ts";
import { TemplateRepository } from "./data/template-repository.ts";
import { UnsubscribeKeyRepository } from "./data/unsubscribe-key-repository.ts";

/** Dependencies of this service's handlers. */
export interface NotificationsDependencies {
  readonly notifications: NotificationRepository;
  readonly deliveries: DeliveryRepository;
  readonly preferences: PreferenceRepository;
  readonly templates: TemplateRepository;
  readonly announcements: AnnouncementRepository;
  readonly unsubscribeKeys: UnsubscribeKeyRepository;
  readonly mailTransport: MailTransport;
  readonly notifyChannel: NotifyChannel;
  readonly locales: Locales;
  readonly settings: Settings;
}

export interface Settings extends Readonly<Config["notifications"]> {
  /** The shop's name. */
  readonly shop: string;
  /** Sender of mail. */
  readonly from: string;
  /** The shop's own pages; undefined: texts have no links. */
  readonly shopUrl: string | undefined;
  /** Of all prices. */
  readonly currency: string;
}

export function notificationsDependencies({
  config,
  database,
  broker,
}: ServiceEnvironment): NotificationsDependencies {
  return {
    notifications: new NotificationRepository(database),
    deliveries: new DeliveryRepository(database),
    preferences: new PreferenceRepository(database),
    templates: new TemplateRepository(database),
    announcements: new AnnouncementRepository(database),
    unsubscribeKeys: new UnsubscribeKeyRepository(database),
    mailTransport: openMailTransport(config.mail),
    notifyChannel: openNotifyChannel(config.notify, broker),
    locales: new Locales(config.locales),
    settings: {
      ...config.notifications,
      shop: config.seller.name,
      from: config.mail.from,
      shopUrl: config.mail.shopUrl,
      currency: config.pricing.currency,
    },
  };
}

export const action = actionsOf<NotificationsDependencies>();
export const on = consumersOf<NotificationsDependencies>();
export const job = jobsOf<NotificationsDependencies>();
