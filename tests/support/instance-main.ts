/** One of several instances in a process of its own, set up by its environment: Podium without pages, impatient with files. */
import { readConfig } from '../../server/config.ts';
import { createServer } from '../../server/create-server.ts';
import { heedFullDisk, QUICK_COPIES } from './full-disk.ts';

const config = readConfig();
const podium = await createServer(config, { pages: false, copyPace: QUICK_COPIES });
heedFullDisk(podium.desk, config.dataDir);
process.once('SIGTERM', () => void podium.close().then(() => process.exit(0)));
await podium.start();
process.stdout.write(`${JSON.stringify({ msg: 'Podium is ready', url: podium.url })}\n`);
