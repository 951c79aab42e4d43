/**
 * The rows of the world. References to other rows are their uuids; sizes and times carry their
 * unit in the name; null means "none" or "not yet".
 */
export type * from './entities/identity.js';
export type * from './entities/infrastructure.js';
export type * from './entities/catalogue.js';
export type * from './entities/network.js';
export type * from './entities/forwarding.js';
export type * from './entities/vpc.js';
export type * from './entities/storage.js';
export type * from './entities/compute.js';
export type * from './entities/management.js';
export type * from './entities/faults.js';
