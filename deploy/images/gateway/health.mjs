// Ends with 0 when the gateway says that it is ready.
import { get } from 'node:http';

const end = (code) => process.exit(code);
get({ host: '127.0.0.1', port: process.env.PORT, path: '/readiness', timeout: 4000 }, (answer) => end(answer.statusCode === 200 ? 0 : 1))
  .on('timeout', () => end(1))
  .on('error', () => end(1));
