import type { HttpRequest, HttpResponse, HttpTransport } from "../transport/transport.ts";

export interface ScriptedTransport extends HttpTransport {
  /** Everything that was sent, in order. */
  readonly sent: HttpRequest[];
}

/** Gives the answers in order; an error is thrown. */
export function scriptedTransport(answers: (HttpResponse | Error)[]): ScriptedTransport {
  const sent: HttpRequest[] = [];
  return {
    sent,
    async send(request) {
      sent.push(request);
      const answer = answers.shift();
      if (!answer) throw new Error(`nobody expected ${request.method} ${request.path}`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    close: async () => undefined,
  };
}

export function json(message: unknown, status = 200): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(message)),
  };
}

export function problem(
  code: string,
  status: number,
  extra: { headers?: Record<string, string>; [key: string]: unknown } = {},
): HttpResponse {
  const { headers, ...members } = extra;
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: new TextEncoder().encode(
      JSON.stringify({ type: "about:blank", title: code, status, detail: `it is ${code}`, code, ...members }),
    ),
  };
}
