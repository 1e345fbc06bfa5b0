import { raw } from "./html.ts";

/** The bag, as in the web app's icon. */
export const mark = raw(
  '<svg aria-hidden="true" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="9" width="24" height="19" rx="5" fill="#a4562a"/><path d="M11 9V8a5 5 0 0 1 10 0v1" fill="none" stroke="#6f3717" stroke-width="2.4" stroke-linecap="round"/><path d="M4 14a5 5 0 0 1 5-5h14a5 5 0 0 1 5 5v1.500c0 2-1.600 3.500-3.500 3.500h-17C5.600 19 4 17.500 4 15.500z" fill="#c8743f"/><rect x="13.500" y="16" width="5" height="6.500" rx="1.600" fill="#fbe9d3"/></svg>',
);
