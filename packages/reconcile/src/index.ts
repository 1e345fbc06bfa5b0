export * from "./plan/operation.ts";
export * from "./tree/item.ts";
