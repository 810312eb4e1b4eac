import { tsImport } from 'tsx/esm/api';

const { config } = await tsImport('./test/support/runners/element-config.ts', import.meta.url);

export default config;
