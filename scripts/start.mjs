/** Production, whatever the shell says: the pages are built for it. */
process.env.NODE_ENV = 'production';
await import(new URL('../dist/server/index.js', import.meta.url).href);
