import { STATUS_CODES } from "node:http";
import type { ProblemCode, ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { DavError, type DavCondition } from "../../features/dav/dav-error.ts";
import { answerProblem, toProblem } from "../answers/problem-answers.ts";
import { hrefOf } from "./dav-address.ts";
import { escapeXml, xmlHead } from "./xml/write-xml.ts";

/** Where WebDAV has another status for a refusal of the API. */
const statuses: Partial<Record<ProblemCode, number>> = {
  quota_exceeded: 507,
  storage_full: 507,
  limit_exceeded: 507,
  cycle: 403,
};

/** RFC 4331's name for it. */
const conditions: Partial<Record<ProblemCode, DavCondition>> = { quota_exceeded: "quota-not-exceeded" };

/** The status of an answer, and of a part of one. */
export function davStatusOf(problem: ProblemError): number {
  return problem instanceof DavError ? problem.davStatus : (statuses[problem.code] ?? problem.status);
}

/** A line such as `HTTP/1.1 423 Locked`. */
export function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
}

/**
 * What programs that speak WebDAV understand: its status codes; a condition of RFC 4918 as XML where there is one, else the problem as everywhere; and how to sign in, which for them is a name with an app password.
 */
export function davProblemAnswers(baseOf: (request: FastifyRequest) => string) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(error);
    if (problem.status === 401) {
      const answered = answerProblem(error, request, reply);
      return answered.header("www-authenticate", `Basic realm="Satchel", charset="UTF-8"`);
    }
    const condition = problem instanceof DavError ? problem.condition : conditions[problem.code];
    if (condition === undefined) {
      const answered = answerProblem(error, request, reply);
      return answered.code(davStatusOf(problem));
    }
    const places = problem instanceof DavError ? problem.places : [];
    const hrefs = places
      .map((names) => `<d:href>${escapeXml(hrefOf(baseOf(request), names, false))}</d:href>`)
      .join("");
    const text = `<d:responsedescription>${escapeXml(problem.message)}</d:responsedescription>`;
    const body = `${xmlHead}<d:error xmlns:d="DAV:"><d:${condition}>${hrefs}</d:${condition}>${text}</d:error>\n`;
    return reply.code(davStatusOf(problem)).header("content-type", davXmlType).send(Buffer.from(body));
  };
}

export const davXmlType = `application/xml; charset="utf-8"`;
