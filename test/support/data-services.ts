import { loadConfig } from "../../config/index.ts";
import { servicesWithData } from "../../mixins/service/load-services.ts";

/** The services of this project that own data. */
export const servicesOwningData = await servicesWithData(loadConfig({}));

export const dataServices: readonly string[] = servicesOwningData.map(({ name }) => name);
