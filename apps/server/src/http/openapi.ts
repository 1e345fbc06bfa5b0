import swagger from "@fastify/swagger";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import type { App } from "./route-context.ts";

/** The API's version, as the document names it. */
const apiVersion = "1.0.0";

/** Collects every route that is registered after it, and serves them as OpenAPI 3.1, from the schemas that validate the requests. */
export async function installOpenapi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Satchel",
        version: apiVersion,
        description: "A folder that is the same on every device. Errors: docs/errors.md.",
      },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    },
    transform: (document) => {
      const transformed = jsonSchemaTransform(document);
      const needsLogin = document.route.config?.access === "account";
      return needsLogin
        ? { ...transformed, schema: { ...transformed.schema, security: [{ bearer: [] }] } }
        : transformed;
    },
    transformObject: jsonSchemaTransformObject,
  });
  app.get(
    "/openapi.json",
    {
      config: { access: "public" },
      schema: {
        summary: "This document",
        response: {
          200: {
            description: "OpenAPI 3.1",
            content: { "application/json": { schema: z.record(z.string(), z.unknown()) } },
          },
        },
      },
    },
    async () => app.swagger() as unknown as Record<string, unknown>,
  );
}
