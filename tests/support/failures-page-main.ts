import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build-server.ts';
import { failuresPage } from './failures-page.ts';

const path = join(ROOT, 'docs/failures.md');
writeFileSync(path, await failuresPage(path));
