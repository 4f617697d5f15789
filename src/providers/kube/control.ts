// The control point: answers everything with "ok", on the edge like everything outside, and no lever can name it.
import { createServer } from 'node:http';

const [host = '127.0.0.1', port = '8080'] = (process.argv[2] ?? '').split(':');
createServer((_, response) => { response.setHeader('x-served-by', 'control').end('ok'); }).listen(Number(port), host);
