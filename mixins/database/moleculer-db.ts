import type { Service, ServiceBroker, ServiceSchema } from "moleculer";
import dbService from "moleculer-db";
import sequelizeAdapter from "moleculer-db-adapter-sequelize";
import type { Sequelize } from "sequelize";

/** What the shop uses of moleculer-db's Sequelize adapter; the packages' own types leave it out. */
export interface SequelizeAdapter {
  broker: ServiceBroker;
  service: Service;
  db: Sequelize;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

export const DbService = dbService as unknown as ServiceSchema;
export const SequelizeAdapterBase = sequelizeAdapter as unknown as new () => SequelizeAdapter;
