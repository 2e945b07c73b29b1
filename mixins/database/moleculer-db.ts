import type { Service, ServiceBroker, ServiceSchema } from "moleculer";
import dbService from "moleculer-db";
import sequelizeAdapter from "moleculer-db-adapter-sequelize";
import type { Model, ModelStatic, Sequelize } from "sequelize";

/** The parts of moleculer-db's Sequelize adapter in use; the packages' types omit them. */
export interface SequelizeAdapter {
  broker: ServiceBroker;
  service: Service;
  db: Sequelize;
  model: ModelStatic<Model>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

export const DbService = dbService as unknown as ServiceSchema;
export const SequelizeAdapterBase = sequelizeAdapter as unknown as new () => SequelizeAdapter;
