import { installedServiceNames, loadConfig } from "../../config/index.ts";
import { loadContracts } from "../../mixins/service/load-services.ts";

const { installed } = loadConfig({});

/** The contracts of all services of this project. */
export const allContracts = await loadContracts({ installed });

/** Services that a node can run. */
export const serviceNames: readonly string[] = installedServiceNames({});
