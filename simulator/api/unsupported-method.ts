import type { ApiResponse } from './http.js';

/** What ApiServlet answers to; its base class answers other methods in its stead. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/** What HttpServlet tells of itself when asked with OPTIONS. */
const ALLOWED = 'GET, HEAD, POST, TRACE, OPTIONS';

/**
 * The answer to a method that ApiServlet has no code for, undefined if it has: that of Java's
 * HttpServlet, as Jetty's ErrorHandler makes a page of it. It knows nothing of CloudStack: no
 * wrapper, no security headers. (TRACE, which Java would echo, is refused here.)
 */
export function unsupportedMethod(method: string, worldMs: number): ApiResponse | undefined {
  if (METHODS.has(method)) return undefined;
  const date = new Date(worldMs).toUTCString();
  if (method === 'OPTIONS') return { status: 200, headers: { allow: ALLOWED, date }, body: '' };
  const { status, text } = refusalOf(method);
  return {
    status,
    headers: {
      'content-type': 'text/html;charset=iso-8859-1',
      'cache-control': 'must-revalidate,no-cache,no-store',
      date,
    },
    body: errorPage(status, text),
  };
}

/** The texts of javax.servlet.http.LocalStrings, one of which is written in a way of its own. */
function refusalOf(method: string): { status: number; text: string } {
  switch (method) {
    case 'PUT':
    case 'TRACE':
      return { status: 405, text: `HTTP method ${method} is not supported by this URL` };
    case 'DELETE':
      return { status: 405, text: 'Http method DELETE is not supported by this URL' };
    default:
      return {
        status: 501,
        text: `Method ${method} is not defined in RFC 2068 and is not supported by the Servlet API`,
      };
  }
}

function errorPage(status: number, text: string): string {
  const rows = [
    ['URI', '/client/api'],
    ['STATUS', String(status)],
    ['MESSAGE', text],
    ['SERVLET', 'apiServlet'],
  ];
  return [
    '<html>',
    '<head>',
    '<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>',
    `<title>Error ${status} ${text}</title>`,
    '</head>',
    `<body><h2>HTTP ERROR ${status} ${text}</h2>`,
    '<table>',
    ...rows.map(([name, value]) => `<tr><th>${name}:</th><td>${value}</td></tr>`),
    '</table>',
    '',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
