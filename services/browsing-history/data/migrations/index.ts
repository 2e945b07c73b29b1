import { views } from "./0001-browsing-history.ts";
import { historySettings } from "./0002-history-settings.ts";

export const migrations = [views, historySettings];
