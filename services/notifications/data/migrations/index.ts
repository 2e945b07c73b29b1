import { notificationTables } from "./0001-notifications.ts";

export const migrations = [notificationTables];
