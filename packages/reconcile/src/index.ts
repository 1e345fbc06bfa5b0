export * from "./plan/operation.ts";
export * from "./plan/plan.ts";
export * from "./plan/plan-alone.ts";
export * from "./tree/agreed-item.ts";
export * from "./tree/item.ts";
export * from "./tree/place.ts";
export { limboId, viewOf } from "./tree/view.ts";
export * from "./exclude/find-excluded.ts";
export * from "./exclude/plan-excluding.ts";
