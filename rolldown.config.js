/**
 * Joins what the command line is made of into a few files: five hundred modules take longer to find and to open than to
 * compile (docs/decisions/0010). Packages stay where they are; the library (dist/index.js and its kin) is not touched.
 */
export default {
  input: { main: 'dist/cli/main.js', worker: 'dist/cli/running/worker.js' },
  platform: 'node',
  external: (name) => !name.startsWith('.') && !name.startsWith('/') && !/^[A-Z]:/i.test(name),
  output: { dir: 'dist/program', cleanDir: true, chunkFileNames: '[name].js' },
};
